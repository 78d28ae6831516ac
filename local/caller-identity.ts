/** `sts:GetCallerIdentity` for the sessions that the portal hands out: what people look with first, to see who they are. */
import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';

const session = z.object({
  accountId: z.string().regex(/^\d{12}$/),
  roleName: z.string().regex(/^[\w+=,.@-]+$/),
  userName: z.string().regex(/^[\w+=,.@-]+$/),
});

export interface IdentityAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const AS_XML = { 'content-type': 'text/xml' } as const;

const sessionIn = (token: string | undefined) => {
  try {
    return session.parse(JSON.parse(Buffer.from(token ?? '', 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
};

const unknownToken = (): IdentityAnswer => ({
  status: 403,
  headers: AS_XML,
  body: `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code><Message>The security token included in the request is invalid</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
});

/** @returns undefined when it is another call. It believes every caller, as all stand-ins do. */
export const answerCallerIdentity = (body: string, token: string | undefined): IdentityAnswer | undefined => {
  if (new URLSearchParams(body).get('Action') !== 'GetCallerIdentity') return undefined;
  const found = sessionIn(token);
  if (!found) return unknownToken();
  const { accountId, roleName, userName } = found;
  const roleId = createHash('sha256').update(`${accountId} ${roleName}`).digest('hex').slice(0, 17).toUpperCase();
  const result = `<Arn>arn:aws:sts::${accountId}:assumed-role/${roleName}/${userName}</Arn><UserId>AROA${roleId}:${userName}</UserId><Account>${accountId}</Account>`;
  return {
    status: 200,
    headers: AS_XML,
    body: `<GetCallerIdentityResponse xmlns="${NAMESPACE}"><GetCallerIdentityResult>${result}</GetCallerIdentityResult><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
  };
};
