/** A move made: the next request and the fact that reports it; and who can be behind a move. */
import type { AccessRequest, Actor, PersonRef } from './access-request.ts';
import type { AuditFact, AuditValue } from './audit-event.ts';

export interface Transition {
  readonly next: AccessRequest;
  readonly fact: AuditFact;
}

/** The part of a fact that the mover knows. */
export type MoveFact = Pick<AuditFact, 'kind' | 'at' | 'actor'> & {
  readonly data?: Readonly<Record<string, AuditValue>>;
  readonly texts?: Readonly<Record<string, string>>;
};

/** Reports the move from one request state to the next. */
export const moved = (from: AccessRequest, next: AccessRequest, fact: MoveFact): Transition => ({
  next,
  fact: { ...fact, from: from.status, to: next.status, data: fact.data ?? {}, texts: fact.texts ?? {} },
});

export const person = (by: PersonRef): Actor => ({ kind: 'person', id: by.id, userName: by.userName });
export const CLOCK: Actor = { kind: 'clock' };
export const BREVET: Actor = { kind: 'brevet' };
