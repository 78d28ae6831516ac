/** The OIDC door: reads who calls from what the authorizer left in the context, and from nothing else. */
import { DOOR_PREFIXES } from '../../contract/doors.ts';
import type { ProvenIdentity } from '../../domain/proven-identity.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { type AuthorizerContext, CONTEXT_KINDS } from '../authorizer/verdict-policy.ts';
import type { Door } from './door.ts';

const read = ({ kind, value }: Partial<AuthorizerContext>): ProvenIdentity | Refusal | undefined => {
  if (typeof value !== 'string' || value === '') return undefined;
  switch (kind) {
    case CONTEXT_KINDS.userName:
    case CONTEXT_KINDS.email:
      return { kind, value };
    case CONTEXT_KINDS.unproven:
      return refuse('identity_unproven', value);
    default:
      return undefined;
  }
};

/** NB. Headers reach this function as the caller wrote them, the token among them; it was judged before, and is not read here. */
export const oidcDoor: Door = {
  prefix: DOOR_PREFIXES.oidc,
  identityBehind: (event) => read(event.requestContext?.authorizer ?? {}),
  howToSignIn: 'Call with a bearer token of the issuer that this service trusts: brevet login.',
};
