/** At the end of time: nothing stands that should not, every standing assignment does, every request and lease is at rest. */
import type { AccessRequest } from '../../../lambda/domain/access-request.ts';
import type { Lease } from '../../../lambda/domain/lease.ts';
import type { Assignment } from '../identity-center.ts';
import type { Accuse } from './violation.ts';

interface Parts {
  readonly accuse: Accuse;
  readonly requests: ReadonlyMap<string, AccessRequest>;
  readonly leases: ReadonlyMap<string, Lease>;
  readonly present: ReadonlyMap<string, Assignment>;
  readonly standing: ReadonlySet<string>;
}

const OVER = ['ended', 'rejected', 'cancelled', 'expired', 'failed'];

export const isAtRest = ({ state, holds }: Lease): boolean => state.kind === 'vacant' && holds.length === 0;
export const isOver = ({ status }: AccessRequest): boolean => OVER.includes(status);

export const finalLaws = ({ accuse, requests, leases, present, standing }: Parts): void => {
  for (const [key, { maker }] of present) {
    if (maker === 'brevet') accuse(1, `${key} is left over at the end of time`);
  }
  for (const key of standing) {
    if (!present.has(key)) accuse(4, `${key} stood before and is not there any more`);
  }
  for (const request of requests.values()) {
    if (!isOver(request)) accuse(3, `${request.id} is ${request.status} at the end of time`);
  }
  for (const lease of leases.values()) {
    if (!isAtRest(lease))
      accuse(3, `${lease.id} is ${lease.state.kind}, held by ${lease.holds.length}, at the end of time`);
  }
};
