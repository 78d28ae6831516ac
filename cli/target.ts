/** From what a person types for a target to an account id and a permission set, by way of their catalogue. */
import type { CatalogEntryView, SubmitBody } from '../lambda/contract/api.ts';
import { nearest } from '../lambda/contract/nearest.ts';
import { type Client, everyItem } from './client.ts';
import { failure, usage } from './failure.ts';

export interface TypedTarget {
  /** Id, name, or the start of a name. */
  readonly account: string;
  readonly permissionSet: string;
}

export interface ResolvedTarget {
  readonly target: SubmitBody['target'];
  /** What the catalogue says of it; absent for an account given by id, which is sent as it is. */
  readonly entry?: CatalogEntryView;
}

const ACCOUNT_ID = /^\d{12}$/;

/** @throws Failure `usage`. Account names may contain a slash, permission set names may not: the last one counts. */
export const parseTarget = (text: string): TypedTarget => {
  const slash = text.lastIndexOf('/');
  const account = text.slice(0, Math.max(0, slash)).trim();
  const permissionSet = text.slice(slash + 1).trim();
  if (account !== '' && permissionSet !== '') return { account, permissionSet };
  throw usage(`"${text}" is no target.`, 'Write ACCOUNT/PERMISSION_SET, such as payments-prod/AdministratorAccess.');
};

type Find = (name: string) => boolean;

/** Exactly so, then whatever the case, then as a start: the first way that finds anything counts. */
const byName = <Item>(items: readonly Item[], nameOf: (item: Item) => string, typed: string): readonly Item[] => {
  const lower = typed.toLowerCase();
  const ways: Find[] = [
    (name) => name === typed,
    (name) => name.toLowerCase() === lower,
    (name) => name.toLowerCase().startsWith(lower),
  ];
  const finds = ways.map((isIt) => items.filter((item) => isIt(nameOf(item))));
  return finds.find((found) => found.length > 0) ?? [];
};

const accountOf = ({ accountName }: CatalogEntryView): string => accountName;
const permissionSetOf = ({ permissionSet }: CatalogEntryView): string => permissionSet;

/** A whole target in that account, ready to be typed: with the permission set that is most like the typed one, or else any. */
const targetIn = (account: string, typed: TypedTarget, entries: readonly CatalogEntryView[]): string => {
  const offered = entries.filter((entry) => accountOf(entry) === account).map(permissionSetOf);
  return `${account}/${nearest(typed.permissionSet, offered)[0] ?? offered[0] ?? typed.permissionSet}`;
};

const nearestTargets = (typed: TypedTarget, entries: readonly CatalogEntryView[]): string[] =>
  nearest(typed.account, [...new Set(entries.map(accountOf))]).map((account) => targetIn(account, typed, entries));

const accountUnknown = async (client: Client, typed: TypedTarget): Promise<Error> => {
  const entries = await everyItem((cursor) => client.catalog(cursor === undefined ? {} : { cursor }));
  const near = nearestTargets(typed, entries);
  return failure('not_eligible', `Your catalogue has no account whose name is or begins with "${typed.account}".`, {
    next: near.length > 0 ? `Nearest: ${near.join(', ')}.` : 'See what you may ask for: brevet catalog',
    facts: { nearest: near },
  });
};

const severalAccounts = (typed: string, entries: readonly CatalogEntryView[]): Error => {
  const accounts = [...new Set(entries.map(({ accountName, accountId }) => `${accountName} (${accountId})`))];
  return failure('ambiguous', `"${typed}" fits ${accounts.length} accounts: ${accounts.join(', ')}.`, {
    next: 'Write the whole name, or the id.',
    facts: { candidates: accounts },
  });
};

const permissionSetUnknown = (typed: TypedTarget, entries: readonly CatalogEntryView[]): Error => {
  const offered = entries.map(permissionSetOf);
  const near = nearest(typed.permissionSet, offered).map(
    (name) => `${entries[0]?.accountName ?? typed.account}/${name}`,
  );
  return failure('not_eligible', `Your catalogue does not have "${typed.permissionSet}" in ${typed.account}.`, {
    next: `${near.length > 0 ? `Nearest: ${near.join(', ')}. ` : ''}You may ask there for: ${offered.join(', ')}.`,
    facts: { offered, nearest: near },
  });
};

const onePermissionSet = (typed: TypedTarget, entries: readonly CatalogEntryView[]): CatalogEntryView => {
  const found = byName(entries, permissionSetOf, typed.permissionSet);
  const [entry, another] = found;
  if (!entry) throw permissionSetUnknown(typed, entries);
  if (!another) return entry;
  const candidates = found.map(permissionSetOf);
  throw failure('ambiguous', `"${typed.permissionSet}" fits ${candidates.join(', ')}.`, {
    next: 'Write the whole name.',
    facts: { candidates },
  });
};

/** @throws Failure `not_eligible` with the nearest names, or `ambiguous` with the names that fit. */
export const resolveTarget = async (client: Client, typed: TypedTarget): Promise<ResolvedTarget> => {
  const { account, permissionSet } = typed;
  if (ACCOUNT_ID.test(account)) return { target: { kind: 'account', accountId: account, permissionSet } };
  const entries = await everyItem((cursor) =>
    client.catalog({ q: account, ...(cursor === undefined ? {} : { cursor }) }),
  );
  const fitting = byName(entries, accountOf, account);
  if (fitting.length === 0) throw await accountUnknown(client, typed);
  if (new Set(fitting.map(({ accountId }) => accountId)).size > 1) throw severalAccounts(account, fitting);
  const entry = onePermissionSet(typed, fitting);
  return { target: { kind: 'account', accountId: entry.accountId, permissionSet: entry.permissionSet }, entry };
};
