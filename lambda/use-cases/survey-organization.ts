/** Reads the organization into the notes: first what there is, then what each costs a call of its own, as long as there is time. */
import type { Wanted } from '../domain/catalogue.ts';
import {
  type Detail,
  type Due,
  detailsDue,
  isListDue,
  type SurveyNotes,
  withAccounts,
  withDetails,
  withGroups,
  withReach,
} from '../domain/survey-notes.ts';
import type { Instant } from '../domain/time.ts';
import { ServiceFault } from '../ports/faults.ts';
import type { Surveyor } from '../ports/surveyor.ts';
import type { Needs } from './world.ts';

export type Surveying = Needs<'clock' | 'reporter'> & { readonly surveyor: Surveyor };

export interface Surveyed {
  readonly notes: SurveyNotes;
  readonly failures: number;
}

type Add = (notes: SurveyNotes) => SurveyNotes;

/** What cannot be read leaves the notes as they are, older by the day; what is no fault of the outside is a bug. */
const unlessFault = async (
  { reporter }: Surveying,
  what: string,
  read: () => Promise<Add>,
): Promise<Add | undefined> => {
  try {
    return await read();
  } catch (fault) {
    if (!(fault instanceof ServiceFault)) throw fault;
    reporter.warn('a part of the organization could not be read', { what, fault });
    return undefined;
  }
};

type ListName = 'accounts' | 'reach' | 'groups';

/** Those of the lists that are due, side by side: each is of another service or has a rate of its own. */
export const surveyLists = async (
  world: Surveying,
  notes: SurveyNotes,
  wanted: Wanted | undefined,
  names: readonly ListName[],
): Promise<Surveyed> => {
  const { surveyor, clock } = world;
  const now = clock.now();
  const lists: Readonly<Record<ListName, () => Promise<Add>>> = {
    accounts: async () => {
      const found = await surveyor.accounts();
      return (before) => withAccounts(before, found, now);
    },
    reach: async () => {
      const found = await surveyor.permissionSetArns();
      return (before) => withReach(before, found, now);
    },
    groups: async () => {
      const found = await surveyor.groups();
      return (before) => withGroups(before, found, now);
    },
  };
  const due = names.filter((name) => isListDue(notes[name], now, wanted));
  const added = await Promise.all(due.map((name) => unlessFault(world, name, lists[name])));
  return {
    notes: added.reduce((before, add) => add?.(before) ?? before, notes),
    failures: added.filter((add) => add === undefined).length,
  };
};

const readDetail = async ({ surveyor, clock }: Surveying, { kind, key }: Due): Promise<Detail> => {
  const readAt = clock.now();
  if (kind === 'tags') return { kind, accountId: key, tags: await surveyor.tagsOf(key), readAt };
  const found = await surveyor.permissionSet(key);
  return found ? { kind, found, readAt } : { kind: 'gone', arn: key };
};

/** So many calls are begun together; their rate is the surveyor's business. */
const AT_ONCE = 10;
/** After so many, what was read is stored: whatever becomes of this run, the next one goes on from there. */
const UNTIL_STORED = 500;
/** After so many failures the rest would hardly be better; the next run tries again. */
const MOST_FAILURES = 10;

export interface DetailPlan {
  readonly kind: Due['kind'];
  readonly wanted: Wanted | undefined;
  readonly deadline: Instant;
  readonly store: (notes: SurveyNotes) => Promise<void>;
}

/** @returns the notes, with what was read until the deadline. */
export const surveyDetails = async (
  world: Surveying,
  notes: SurveyNotes,
  { kind, wanted, deadline, store }: DetailPlan,
): Promise<Surveyed> => {
  const due = detailsDue(notes, world.clock.now(), wanted).filter((one) => one.kind === kind);
  let known = notes;
  let pending: Detail[] = [];
  let failures = 0;
  const keep = (): void => {
    known = withDetails(known, pending);
    pending = [];
  };
  for (let start = 0; start < due.length; start += AT_ONCE) {
    if (world.clock.now() >= deadline || failures >= MOST_FAILURES) break;
    const read = due.slice(start, start + AT_ONCE).map(async (one) => {
      const failed = await unlessFault(world, one.key, async () => {
        pending.push(await readDetail(world, one));
        return (before) => before;
      });
      if (!failed) failures += 1;
    });
    await Promise.all(read);
    if (pending.length >= UNTIL_STORED) {
      keep();
      await store(known);
    }
  }
  keep();
  return { notes: known, failures };
};
