/** Refresh the catalogue: read what is due of the organization within its rates, publish it, keep notes for the next time. */
import type { CatalogueState } from '../domain/catalogue.ts';
import {
  detailsDue,
  drawCatalogue,
  EMPTY_NOTES,
  knowsPermissionSets,
  type SurveyNotes,
} from '../domain/survey-notes.ts';
import { addSeconds, type Instant, secondsBetween } from '../domain/time.ts';
import type { CatalogueStore } from '../ports/catalogue-store.ts';
import { aliveUntil, type Claim, changeState, claimReading } from './catalogue-state.ts';
import { type DetailPlan, type Surveyed, type Surveying, surveyDetails, surveyLists } from './survey-organization.ts';
import type { Needs } from './world.ts';

export type Refreshing = Surveying & Needs<'limits'> & { readonly store: CatalogueStore };

export interface RefreshReport {
  /** Nothing was read when it was not due, or somebody else reads. */
  readonly wasDue: boolean;
  /** Of what is published now; absent while nothing is. */
  readonly ageSeconds?: number;
  readonly accounts: number;
  readonly permissionSets: number;
  readonly groups: number;
  /** Tags and permission sets that are left for the next run. */
  readonly left: number;
  readonly failures: number;
  readonly piecesDiscarded: number;
}

/** What is not read again until then is left out of what is published: so much younger than it would be refused. */
const PUBLISHED_SOONER_SECONDS = 10 * 60;

/** By then nobody reads a version any more that was published before. */
const DISCARD_AFTER_SECONDS = 3600;

interface Run {
  readonly id: string;
  readonly begunWith: CatalogueState;
}

export interface RefreshInput extends Claim {
  /** When it stops reading; storing what it has takes some seconds more. */
  readonly deadline: Instant;
}

/** Whoever calls it says all the while, by `stillReading`, that the run is alive. */
export const refreshCatalogue = async (
  world: Refreshing,
  { deadline, ...claim }: RefreshInput,
): Promise<RefreshReport> => {
  const begunWith = await claimReading(world, claim);
  if (!begunWith) return idle(world);
  const run = { id: claim.runId, begunWith };
  const before = begunWith.notes === undefined ? EMPTY_NOTES : await world.store.read('notes', begunWith.notes);
  const surveyed = await survey(world, run, before, deadline);
  const left = detailsDue(surveyed.notes, begunWith.begunAt ?? world.clock.now(), begunWith.wanted).length;
  await publish(world, run, surveyed.notes, { isOver: true, isUnfinished: left + surveyed.failures > 0 });
  const { failures } = surveyed;
  return { ...(await counted(world, surveyed.notes)), left, failures, piecesDiscarded: await discardOld(world) };
};

/** Publishes on the way, so that people are served by what there is, and a run that is cut off has not been for nothing. */
const survey = async (world: Refreshing, run: Run, before: SurveyNotes, deadline: Instant): Promise<Surveyed> => {
  const { wanted } = run.begunWith;
  const store = (notes: SurveyNotes) => publish(world, run, notes, { isOver: false, isUnfinished: true });
  const plan = { wanted, deadline, store };
  // Side by side: these are of different services, and units alone take minutes in a large organization.
  const [sets, lists] = await Promise.all([
    surveyPermissionSets(world, before, plan),
    surveyLists(world, before, wanted, ['accounts', 'groups']),
  ]);
  const { reach, permissionSets } = sets.notes;
  const listed = { ...lists.notes, permissionSets, ...(reach && { reach }) };
  await store(listed);
  const tags = await surveyDetails(world, listed, { ...plan, kind: 'tags' });
  return { notes: tags.notes, failures: lists.failures + sets.failures + tags.failures };
};

const surveyPermissionSets = async (
  world: Refreshing,
  before: SurveyNotes,
  plan: Omit<DetailPlan, 'kind'>,
): Promise<Surveyed> => {
  const reach = await surveyLists(world, before, plan.wanted, ['reach']);
  const sets = await surveyDetails(world, reach.notes, { ...plan, kind: 'permission-set' });
  return { notes: sets.notes, failures: reach.failures + sets.failures };
};

const idle = async (world: Refreshing): Promise<RefreshReport> => {
  const nothing = {
    wasDue: false,
    accounts: 0,
    permissionSets: 0,
    groups: 0,
    left: 0,
    failures: 0,
    piecesDiscarded: 0,
  };
  return { ...nothing, ...(await age(world)) };
};

const age = async ({ store, clock }: Refreshing): Promise<Pick<RefreshReport, 'ageSeconds'>> => {
  const { published } = await store.readState();
  return published ? { ageSeconds: secondsBetween(published.asOf, clock.now()) } : {};
};

const counted = async (world: Refreshing, { accounts, reach, groups }: SurveyNotes) => ({
  wasDue: true,
  ...(await age(world)),
  accounts: accounts?.found.length ?? 0,
  permissionSets: reach?.arns.length ?? 0,
  groups: groups?.found.length ?? 0,
});

interface Outcome {
  readonly isOver: boolean;
  readonly isUnfinished: boolean;
}

/** Content first, then the state that points to it: whoever reads meanwhile finds the one or the other, whole. */
const publish = async (world: Refreshing, run: Run, notes: SurveyNotes, outcome: Outcome): Promise<void> => {
  const now = world.clock.now();
  const version = await world.store.put('notes', notes, now);
  // A permission set that is only not yet read must not pass for one that does not exist: until all were read once, people
  // are served by the organization itself. Later on, one that is new must not keep everything else from becoming known.
  const isReady = knowsPermissionSets(notes) || (outcome.isOver && run.begunWith.published !== undefined);
  const published = isReady ? await putPublished(world, notes, now) : undefined;
  await changeState(world.store, (state) => {
    // Whoever took so long that another run began has nothing more to say.
    if (state.run?.id !== run.id) return undefined;
    const { run: _mine, wanted, ...rest } = state;
    const isHandled = outcome.isOver && !outcome.isUnfinished && wanted?.at === run.begunWith.wanted?.at;
    return {
      ...rest,
      ...(published && { published }),
      notes: version,
      isUnfinished: outcome.isUnfinished,
      ...(outcome.isOver ? {} : { run: { id: run.id, until: aliveUntil(now) } }),
      ...(wanted && !isHandled ? { wanted } : {}),
    };
  });
};

const putPublished = async (
  { store, limits }: Refreshing,
  notes: SurveyNotes,
  now: Instant,
): Promise<CatalogueState['published']> => {
  // So that it is not too old to be believed before the next one is published.
  const drawn = drawCatalogue(notes, now, limits.catalogueDeniesSeconds - PUBLISHED_SOONER_SECONDS);
  if (!drawn) return undefined;
  const organization = await store.put('organization', drawn.content, now);
  if (!notes.groups) return { asOf: drawn.asOf, organization };
  const groups = await store.put('groups', notes.groups.found, now);
  return { asOf: drawn.asOf, organization, groups: { version: groups, asOf: notes.groups.readAt } };
};

const discardOld = async ({ store, clock }: Refreshing): Promise<number> => {
  const { published, notes } = await store.readState();
  const keep = [published?.organization, published?.groups?.version, notes].filter((one) => one !== undefined);
  return store.discard(keep, addSeconds(clock.now(), -DISCARD_AFTER_SECONDS));
};
