/** Broken glass: counted, reviewed by others (laws 6 and 13), and an alarm that rings until somebody answers (law 11). */
import type { AccessRequest, PersonRef } from '../../../lambda/domain/access-request.ts';
import type { GlassAlarm } from '../../../lambda/ports/bell.ts';
import type { Stored } from '../book.ts';
import type { Facts } from './facts.ts';
import type { Accuse } from './violation.ts';

export interface GlassLaw {
  stored(stored: Stored): void;
  rung(alarm: GlassAlarm, request: AccessRequest): void;
  check(): void;
}

interface Parts {
  readonly now: () => number;
  readonly accuse: Accuse;
  readonly facts: Facts;
  /** How late something that is due may happen, on such a day. */
  readonly latenessAllowedMs: (since: number) => number;
  readonly periodMs: number;
}

interface Known {
  request: AccessRequest;
  /** When the alarm must ring next. */
  dueAt: number;
  readonly brokenAt: number;
  acknowledgedAt?: number;
}

/** A run may have looked so long before it did what it does. */
const JUST_NOW_MS = 200_000;
/** The sweep's own period, and a few calls. */
const SWEEP_MS = 75_000;
const DAY_MS = 86_400_000;

export const glassLaw = ({ now, accuse, facts, latenessAllowedMs, periodMs }: Parts): GlassLaw => {
  const all = new Map<string, Known>();
  /** Those of which somebody must hear yet. */
  const unreviewed = new Map<string, Known>();

  const isUnreviewed = ({ request }: Known): boolean => request.breakGlass?.review === undefined;

  const broke = (request: AccessRequest, { events }: Stored): void => {
    const { id, requester } = request;
    if (!events.some(({ kind }) => kind === 'glass-broken')) accuse(8, `${id}: the glass was broken without an event`);
    const mine = [...all.values()].filter(({ request: other }) => other.requester.id === requester.id);
    const most = facts.mostGlass(request);
    const lately = mine.filter(({ brokenAt }) => brokenAt > now() - DAY_MS + JUST_NOW_MS).length + 1;
    if (lately > most) accuse(13, `${requester.id} broke the glass ${lately} times, and may ${most} times`);
    const overdue = mine.find((one) => isUnreviewed(one) && reviewBy(one) < now() - JUST_NOW_MS);
    if (overdue) accuse(13, `${requester.id} broke the glass, and the review of ${overdue.request.id} is overdue`);
    const known: Known = { request, dueAt: now(), brokenAt: now() };
    all.set(id, known);
    unreviewed.set(id, known);
  };
  const reviewBy = ({ request }: Known): number => request.breakGlass?.reviewBy ?? 0;

  const others = (request: AccessRequest, who: PersonRef | undefined, what: string, may: boolean): void => {
    if (!who) return;
    if (who.id === request.requester.id) accuse(6, `${request.id}: whoever broke the glass ${what} it`);
    if (!may) accuse(6, `${request.id}: ${who.id} ${what} it, and is none of those who may`);
  };

  const attended = (before: AccessRequest, after: AccessRequest): void => {
    const known = all.get(after.id);
    const glass = after.breakGlass;
    if (!known || !glass) return;
    known.request = after;
    const isNew = <Key extends 'acknowledged' | 'review'>(key: Key) =>
      before.breakGlass?.[key] === undefined ? glass[key]?.by : undefined;
    const reviewer = isNew('review');
    const acknowledger = reviewer ? undefined : isNew('acknowledged');
    others(after, acknowledger, 'acknowledged', !acknowledger || facts.isAmongNow(glass.told, acknowledger, now()));
    others(after, reviewer, 'reviewed', !reviewer || facts.isAmongNow(glass.reviewers, reviewer, now()));
    if (acknowledger) Object.assign(known, { acknowledgedAt: now(), dueAt: Math.max(now(), glass.reviewBy) });
    if (reviewer) unreviewed.delete(after.id);
  };

  return {
    stored: (stored) => {
      const { before, after } = stored;
      if (before?.breakGlass && !after.breakGlass) accuse(5, `${after.id}: that the glass was broken is forgotten`);
      if (!after.breakGlass) return;
      if (before) attended(before, after);
      else broke(after, stored);
    },
    rung: (alarm, { id }) => {
      const known = unreviewed.get(id);
      if (!known) return;
      known.dueAt = now() + periodMs;
      const since = now() - (known.acknowledgedAt ?? now());
      if (alarm === 'unacknowledged' && since > JUST_NOW_MS)
        accuse(11, `${id}: the alarm rings though it is acknowledged`);
    },
    check: () => {
      for (const [id, { dueAt }] of unreviewed) {
        const late = now() - dueAt;
        if (late > SWEEP_MS && late > SWEEP_MS + latenessAllowedMs(dueAt)) {
          accuse(11, `${id}: the glass was broken, and no alarm rings for ${Math.round(late / 1000)} s`);
        }
      }
    },
  };
};
