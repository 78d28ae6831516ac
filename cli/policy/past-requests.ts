/** Past requests out of exported events. */
import { auditEvent } from '../../lambda/contract/audit.ts';
import type { ChainLink } from '../../lambda/contract/audit-chain.ts';
import { type PastRequests, pastRequestsIn } from '../../lambda/domain/policy/past-requests.ts';
import { parseInstant } from '../../lambda/domain/time.ts';

const event = auditEvent.refine(({ at }) => parseInstant(at) !== undefined, { path: ['at'], error: 'no moment' });

/** @throws ZodError for what is no event. Events of several exports may overlap. */
export const pastRequestsFrom = (links: readonly ChainLink[]): PastRequests =>
  pastRequestsIn(links.map((one) => event.parse(one)));
