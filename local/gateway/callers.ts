/** Who stands behind an access key: each person of the seed, in the session that AWS would give them. */
import { createHash } from 'node:crypto';
import type { Deployment } from '../deployment.ts';
import { localCredentials } from '../seed/credentials.ts';
import type { SeedPerson } from '../seed/seed.ts';

/** A caller as API Gateway tells of a session of an Identity Center role. */
export interface Caller {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly userName: string;
  readonly accountId: string;
  readonly organizationId: string;
  /** `arn:aws:sts::…:assumed-role/…/<userName>`: without the role's path. */
  readonly userArn: string;
  /** `<role id>:<userName>` */
  readonly principalId: string;
  /** ARN of the role with its path, as `aws:PrincipalArn` has it. */
  readonly principalArn: string;
}

/** Role ids are AROA and 17 characters. */
const roleId = (role: string): string =>
  `AROA${createHash('sha256').update(role).digest('hex').slice(0, 17).toUpperCase()}`;

const callerOf = ({ userName }: SeedPerson, deployment: Deployment): Caller => {
  const { accountId, callerRole, organizationId } = deployment;
  return {
    ...localCredentials(userName),
    userName,
    accountId,
    organizationId,
    userArn: `arn:aws:sts::${accountId}:assumed-role/${callerRole}/${userName}`,
    principalId: `${roleId(callerRole)}:${userName}`,
    principalArn: `arn:aws:iam::${accountId}:role/aws-reserved/sso.amazonaws.com/${callerRole}`,
  };
};

/** By access key id. Disabled people keep their key: that they may do nothing is Brevet's to say. */
export const callersOf = (people: readonly SeedPerson[], deployment: Deployment): ReadonlyMap<string, Caller> => {
  const callers = people.map((person) => callerOf(person, deployment));
  return new Map(callers.map((caller) => [caller.accessKeyId, caller]));
};
