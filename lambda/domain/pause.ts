/** How long to wait before looking again: often while an engineer waits for access, seldom while nobody does. */
import type { LeaseStep } from './lease.ts';

/**
 * Identity Center usually takes two to eight seconds. Every look is one of the 20 requests a second that all its users
 * share, so there are few before, and then as many as it takes to notice within half a second.
 */
const UNTIL_USABLE_MS = { first: 1_000, second: 1_250, usual: 400, late: 1_000 } as const;
/** Looks in the usual rhythm: until some twelve seconds have passed. */
const USUAL_LOOKS = 30;

/** What is taken away is out of use before we know that it is gone. */
const UNTIL_GONE_MS = { first: 4_000, usual: 5_000 } as const;

const AFTER_FAULT_MS = { first: 200, longest: 2_000 } as const;

const untilUsable = (pauses: number): number => {
  if (pauses === 0) return UNTIL_USABLE_MS.first;
  if (pauses === 1) return UNTIL_USABLE_MS.second;
  return pauses < USUAL_LOOKS ? UNTIL_USABLE_MS.usual : UNTIL_USABLE_MS.late;
};

/**
 * Milliseconds until the next look at a lease.
 * @param step The step that could not be finished now; undefined when a service failed.
 * @param pauses Made since something last moved.
 */
export const pauseAfter = (step: LeaseStep | undefined, pauses: number): number => {
  switch (step) {
    case 'observe':
    case 'create':
      return UNTIL_USABLE_MS.first;
    case 'await-created':
      return untilUsable(pauses);
    case 'release':
    case 'delete':
      return UNTIL_GONE_MS.first;
    case 'await-deleted':
      return pauses === 0 ? UNTIL_GONE_MS.first : UNTIL_GONE_MS.usual;
    case 'none':
    case undefined:
      return Math.min(AFTER_FAULT_MS.first * 1.5 ** pauses, AFTER_FAULT_MS.longest);
  }
};

// ---------- looks at many writes together ----------

export type Write = 'create' | 'delete';

/** While others wait for a place: a place that is free and not seen is lost to them. */
const HURRIED_MS = { first: 1_500, usual: 250 } as const;
/** Until so old, an assignment is about to be there at any moment. */
const USUALLY_THERE_MS = 12_000;

/** Milliseconds from the acceptance of a write to the first look at it. */
export const firstLookMs = (write: Write, hurried: boolean): number => {
  if (hurried) return HURRIED_MS.first;
  return write === 'create' ? 2 * UNTIL_USABLE_MS.first : UNTIL_GONE_MS.first;
};

/** Milliseconds from one look to the next, at a write of that age. */
export const lookAgainMs = (write: Write, ageMs: number, hurried: boolean): number => {
  if (hurried) return HURRIED_MS.usual;
  if (write === 'delete') return UNTIL_GONE_MS.usual;
  return ageMs < USUALLY_THERE_MS ? UNTIL_USABLE_MS.usual : UNTIL_USABLE_MS.late;
};
