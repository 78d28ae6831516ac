/** What is known of the organization from one reading to the next: each fact with when it was read, so that none passes for newer. */
import type { ListedGroup, OrganizationContent, Wanted } from './catalogue.ts';
import type { Account, PermissionSet, Tags } from './policy/facts.ts';
import { type Instant, instant, secondsBetween } from './time.ts';

export interface SurveyNotes {
  /** Without their tags. */
  readonly accounts?: {
    readonly readAt: Instant;
    readonly found: readonly Account[];
    readonly units: readonly string[];
  };
  readonly reach?: {
    readonly readAt: Instant;
    readonly arns: readonly string[];
    /** Those of them that are provisioned in the management account, which a delegated administrator cannot assign. */
    readonly outOfReach: readonly string[];
  };
  readonly groups?: { readonly readAt: Instant; readonly found: readonly ListedGroup[] };
  /** By account id. */
  readonly tags: Readonly<Record<string, { readonly readAt: Instant; readonly tags: Tags }>>;
  /** By ARN, with their tags. */
  readonly permissionSets: Readonly<Record<string, { readonly readAt: Instant; readonly found: PermissionSet }>>;
}

export const EMPTY_NOTES: SurveyNotes = { tags: {}, permissionSets: {} };

/** Tags and descriptions cost a call each: they are read again when they are so old, or when an event tells of them. */
const AGAIN_AFTER_SECONDS = 20 * 60;

const only = <Kept>(kept: Readonly<Record<string, Kept>>, keys: readonly string[]): Readonly<Record<string, Kept>> =>
  Object.fromEntries(keys.flatMap((key) => (kept[key] === undefined ? [] : [[key, kept[key]]])));

/** Forgets what belonged to accounts that are no more. */
export const withAccounts = (
  notes: SurveyNotes,
  { found, units }: { readonly found: readonly Account[]; readonly units: readonly string[] },
  readAt: Instant,
): SurveyNotes => {
  const ids = found.map(({ id }) => id);
  return { ...notes, accounts: { readAt, found, units }, tags: only(notes.tags, ids) };
};

export const withReach = (
  notes: SurveyNotes,
  { arns, outOfReach }: { readonly arns: readonly string[]; readonly outOfReach: readonly string[] },
  readAt: Instant,
): SurveyNotes => ({
  ...notes,
  reach: { readAt, arns, outOfReach },
  permissionSets: only(notes.permissionSets, arns),
});

export const withGroups = (notes: SurveyNotes, found: readonly ListedGroup[], readAt: Instant): SurveyNotes => ({
  ...notes,
  groups: { readAt, found },
});

/** One account's tags, or one permission set; `gone` when it was deleted since it was listed. */
export type Detail =
  | { readonly kind: 'tags'; readonly accountId: string; readonly tags: Tags; readonly readAt: Instant }
  | { readonly kind: 'permission-set'; readonly found: PermissionSet; readonly readAt: Instant }
  | { readonly kind: 'gone'; readonly arn: string };

export const withDetails = (notes: SurveyNotes, details: readonly Detail[]): SurveyNotes => {
  const tags = { ...notes.tags };
  const permissionSets = { ...notes.permissionSets };
  for (const detail of details) {
    if (detail.kind === 'tags') tags[detail.accountId] = { readAt: detail.readAt, tags: detail.tags };
    if (detail.kind === 'permission-set')
      permissionSets[detail.found.arn] = { readAt: detail.readAt, found: detail.found };
    if (detail.kind === 'gone') delete permissionSets[detail.arn];
  }
  const gone = new Set(details.flatMap((detail) => (detail.kind === 'gone' ? [detail.arn] : [])));
  const reach = notes.reach && { ...notes.reach, arns: notes.reach.arns.filter((arn) => !gone.has(arn)) };
  return { ...notes, tags, permissionSets, ...(reach && { reach }) };
};

// ---------- what to read next ----------

/** Lists are read again when they are so old: a little less than the schedule's period, so that none is left out. */
const LIST_AGAIN_AFTER_SECONDS = 14 * 60;

export const isListDue = (
  list: { readonly readAt: Instant } | undefined,
  now: Instant,
  wanted: Wanted | undefined,
): boolean =>
  list === undefined ||
  secondsBetween(list.readAt, now) >= LIST_AGAIN_AFTER_SECONDS ||
  (wanted !== undefined && wanted.at >= list.readAt);

export interface Due {
  readonly kind: 'tags' | 'permission-set';
  /** Account id or ARN. */
  readonly key: string;
}

type Kept = Readonly<Record<string, { readonly readAt: Instant }>>;

const NEVER = Number.NEGATIVE_INFINITY;

const dueAmong = (
  kind: Due['kind'],
  keys: readonly string[],
  kept: Kept,
  now: Instant,
  wanted: Wanted | undefined,
): readonly Due[] => {
  const named = new Set(wanted?.resources);
  const isTold = (key: string, readAt: Instant): boolean =>
    wanted !== undefined && (wanted.everything || named.has(key)) && readAt <= wanted.at;
  const found = keys.flatMap((key) => {
    const readAt = kept[key]?.readAt;
    if (readAt === undefined) return [{ key, order: NEVER }];
    if (isTold(key, readAt)) return [{ key, order: readAt - Number.MAX_SAFE_INTEGER }];
    return secondsBetween(readAt, now) >= AGAIN_AFTER_SECONDS ? [{ key, order: readAt as number }] : [];
  });
  const inOrder = found.sort((left, right) => (left.order === right.order ? 0 : left.order - right.order));
  return inOrder.map(({ key }) => ({ kind, key }));
};

/** What was never read comes first, then what events told of, then the oldest; permission sets before tags. */
export const detailsDue = (notes: SurveyNotes, now: Instant, wanted: Wanted | undefined): readonly Due[] => [
  ...dueAmong('permission-set', notes.reach?.arns ?? [], notes.permissionSets, now, wanted),
  ...dueAmong('tags', notes.accounts?.found.map(({ id }) => id) ?? [], notes.tags, now, wanted),
];

// ---------- what to publish ----------

export interface Drawn {
  readonly content: OrganizationContent;
  readonly asOf: Instant;
}

/** Whether there is no permission set of which nothing but the ARN is known. */
export const knowsPermissionSets = ({ reach, permissionSets }: SurveyNotes): boolean =>
  reach?.arns.every((arn) => permissionSets[arn] !== undefined) ?? false;

/**
 * The catalogue that the notes give; undefined while accounts or permission sets could not be listed even once.
 * A detail that is older than what is still believed counts as not read: then it makes only what depends on it unknown.
 */
export const drawCatalogue = (notes: SurveyNotes, now: Instant, believedSeconds: number): Drawn | undefined => {
  const { accounts, reach } = notes;
  if (!accounts || !reach) return undefined;
  const moments = [accounts.readAt, reach.readAt];
  const believed = <Note extends { readonly readAt: Instant }>(note: Note | undefined): Note | undefined => {
    if (note === undefined || secondsBetween(note.readAt, now) >= believedSeconds) return undefined;
    moments.push(note.readAt);
    return note;
  };
  const outOfReach = new Set(reach.outOfReach);
  const content: OrganizationContent = {
    accounts: accounts.found.map((account) => {
      const note = believed(notes.tags[account.id]);
      return note ? { ...account, tags: note.tags } : account;
    }),
    units: accounts.units,
    permissionSets: reach.arns.flatMap((arn) => {
      const found = believed(notes.permissionSets[arn])?.found;
      if (!found) return [];
      return outOfReach.has(arn) ? { ...found, outOfReach: 'provisioned-in-management-account' as const } : found;
    }),
  };
  return { content, asOf: instant(Math.min(...moments)) };
};
