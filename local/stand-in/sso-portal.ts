// Identity Center's access portal: credentials of a role, for whoever has signed in and is assigned it now.
import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { parseDuration } from '../../lambda/contract/duration.ts';
import { localSsoToken } from '../seed/credentials.ts';
import type { SeedPermissionSet } from '../seed/seed.ts';
import { roleKey, type User } from './tables.ts';
import type { World } from './world.ts';

export interface PortalAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const PATH = '/federation/credentials';
/** The header in which AWS's clients send the token that signing in left behind. */
export const TOKEN_HEADER = 'x-amz-sso_bearer_token';

const query = z.object({ account_id: z.string().regex(/^\d{12}$/), role_name: z.string().min(1) });

/** What a session is; its token carries it, so that whoever gets the token can say whose it is. */
export interface RoleSession {
  readonly accountId: string;
  /** `AWSReservedSSO_<permission set>_<suffix>` */
  readonly roleName: string;
  readonly userName: string;
}

export const sessionTokenOf = (session: RoleSession): string =>
  Buffer.from(JSON.stringify(session)).toString('base64url');

const refuse = (status: number, type: string, message: string): PortalAnswer => ({
  status,
  headers: { 'x-amzn-errortype': type },
  body: JSON.stringify({ __type: `com.amazonaws.switchboard.portal#${type}`, message }),
});

/** Assumed: whoever is disabled is signed out too. */
const whoHas = ({ tables }: World, token: string | undefined): User | undefined =>
  [...tables.users.values()].find(
    ({ UserName, UserStatus }) => UserStatus === 'ENABLED' && localSsoToken(UserName) === token,
  );

const isAssigned = ({ tables }: World, { UserId }: User, accountId: string, permissionSetArn: string): boolean => {
  const groups = [...tables.memberships.values()].filter(({ userId }) => userId === UserId).map((one) => one.groupId);
  const principals = new Set([UserId, ...groups]);
  return [...tables.assignments.values()].some(
    (one) =>
      one.accountId === accountId && one.permissionSetArn === permissionSetArn && principals.has(one.principalId),
  );
};

const accessKeyId = (session: RoleSession): string =>
  `ASIA${createHash('sha256').update(sessionTokenOf(session)).digest('hex').slice(0, 16).toUpperCase()}`;

/** Until the permission set's session duration is over, whatever becomes of the assignment: as in AWS. */
const credentialsOf = (session: RoleSession, { sessionDuration }: SeedPermissionSet, nowMs: number): PortalAnswer => ({
  status: 200,
  headers: {},
  body: JSON.stringify({
    roleCredentials: {
      accessKeyId: accessKeyId(session),
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: sessionTokenOf(session),
      expiration: nowMs + (parseDuration(sessionDuration) ?? 0) * 1000,
    },
  }),
});

/** `GetRoleCredentials`. @returns undefined when the address is not the portal's. */
export const answerPortal = (
  world: World,
  method: string,
  url: string,
  token: string | undefined,
): PortalAnswer | undefined => {
  const { pathname, searchParams } = new URL(url, 'http://portal.invalid');
  if (pathname !== PATH || method !== 'GET') return undefined;
  const input = query.safeParse(Object.fromEntries(searchParams));
  if (!input.success) return refuse(400, 'InvalidRequestException', 'account_id and role_name are required');
  const user = whoHas(world, token);
  if (!user) return refuse(401, 'UnauthorizedException', 'Session token not found or invalid');
  const { account_id: accountId, role_name: name } = input.data;
  const permissionSet = world.seed.permissionSets.find((one) => one.name === name);
  if (!permissionSet || !isAssigned(world, user, accountId, permissionSet.arn)) {
    return refuse(403, 'ForbiddenException', 'No access');
  }
  const suffix = world.tables.roles.get(roleKey(accountId, permissionSet.arn)) ?? '';
  const session = { accountId, roleName: `AWSReservedSSO_${name}_${suffix}`, userName: user.UserName };
  return credentialsOf(session, permissionSet, world.nowMs());
};
