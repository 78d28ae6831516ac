/** Accounts and where they stand in the tree of AWS Organizations. */
import type { OrganizationalUnit } from '@aws-sdk/client-organizations';
import type { Tags } from '../domain/policy/facts.ts';
import type { Clock } from '../ports/clock.ts';
import { cachedByKey } from './cached.ts';
import type { AwsAccount, OrganizationsCalls } from './organizations-calls.ts';
import { allPages } from './paged.ts';
import { callingUnless, required } from './service-call.ts';
import { tagsFrom } from './tags-from.ts';

/** An account with the names of the organizational units above it, from the root down. */
export interface PlacedAccount {
  readonly account: AwsAccount;
  readonly path: readonly string[];
}

export interface Surveyed {
  readonly placed: readonly PlacedAccount[];
  readonly units: readonly (readonly string[])[];
}

export interface OrganizationsTree {
  managementAccountId(): Promise<string>;
  /** As it is now, with its parents as they are now. */
  find(accountId: string): Promise<PlacedAccount | undefined>;
  /** Every account, with the paths that the tree of units has now. */
  list(): Promise<readonly PlacedAccount[]>;
  /** The same, with the paths of all units. */
  survey(): Promise<Surveyed>;
  /** Of an account, as they are now. */
  tagsOf(accountId: string): Promise<Tags>;
  /** The paths of all units, as names from the root down. */
  units(): Promise<readonly (readonly string[])[]>;
  /** Whether there is a unit of that path of names from the root down. */
  hasUnit(path: readonly string[]): Promise<boolean>;
}

const SOURCE = 'organizations';
const ACCOUNT_ID = /^\d{12}$/;

/** Names of the units from the root down, by id of the root or unit. */
type UnitPaths = Map<string, readonly string[]>;

/** Ids of the root and the units in `o-…/r-…/ou-…/ou-…/account/`; undefined when AWS says nothing of where it stands. */
const parentIdsOf = ({ Paths }: AwsAccount): readonly string[] | undefined => {
  const ids = Paths?.[0]?.split('/').filter((part) => /^(r|ou)-/.test(part)) ?? [];
  return ids.length > 0 ? ids : undefined;
};

/** A unit that is given another name counts under its old one for so many seconds, where accounts are asked for singly. */
const UNIT_NAME_SECONDS = 60;

/** AWS documents that a resource with these ids may be asked for its tags, and answers this when it is not there. */
const NO_SUCH_TARGET = ['TargetNotFoundException'];

export const createOrganizationsTree = (calls: OrganizationsCalls, clock: Pick<Clock, 'now'>): OrganizationsTree => {
  const loadUnitName = async (OrganizationalUnitId: string): Promise<string> => {
    const { OrganizationalUnit: unit } = await calls('DescribeOrganizationalUnit', { OrganizationalUnitId });
    return required(SOURCE, 'OrganizationalUnitName', unit?.Name);
  };

  const unitName = cachedByKey(loadUnitName, UNIT_NAME_SECONDS, clock);

  const parentOf = async (ChildId: string): Promise<{ readonly id: string; readonly isRoot: boolean }> => {
    const { Parents } = await calls('ListParents', { ChildId });
    // AWS documents that a child has exactly one parent.
    const parent = required(SOURCE, 'Parent', Parents?.[0]);
    return { id: required(SOURCE, 'ParentId', parent.Id), isRoot: parent.Type === 'ROOT' };
  };

  const pathAbove = async (childId: string): Promise<readonly string[]> => {
    const { id, isRoot } = await parentOf(childId);
    if (isRoot) return [];
    const [above, name] = await Promise.all([pathAbove(id), unitName(id)]);
    return [...above, name];
  };

  /** One call tells where an account stands, with the ids of all that is above it; only their names are asked for besides. */
  const pathOf = (account: AwsAccount, accountId: string): Promise<readonly string[]> => {
    const parentIds = parentIdsOf(account);
    if (!parentIds) return pathAbove(accountId);
    return Promise.all(parentIds.filter((id) => id.startsWith('ou-')).map(unitName));
  };

  const allAccounts = (): Promise<readonly AwsAccount[]> =>
    allPages(async (NextToken) => {
      const { Accounts: items, NextToken: nextToken } = await calls('ListAccounts', { NextToken });
      return { items, nextToken };
    });

  const unitsIn = (ParentId: string): Promise<readonly OrganizationalUnit[]> =>
    allPages(async (NextToken) => {
      const answer = await calls('ListOrganizationalUnitsForParent', { ParentId, NextToken });
      return { items: answer.OrganizationalUnits, nextToken: answer.NextToken };
    });

  /** Adds the paths of all units below the parent, one parent after the other, so as not to be throttled. */
  const addUnitsBelow = async (parentId: string, path: readonly string[], paths: UnitPaths): Promise<UnitPaths> => {
    paths.set(parentId, path);
    for (const unit of await unitsIn(parentId)) {
      const name = required(SOURCE, 'OrganizationalUnitName', unit.Name);
      await addUnitsBelow(required(SOURCE, 'OrganizationalUnitId', unit.Id), [...path, name], paths);
    }
    return paths;
  };

  const rootId = async (): Promise<string> => {
    const { Roots } = await calls('ListRoots', {});
    // AWS documents that an organization has exactly one root.
    return required(SOURCE, 'RootId', Roots?.[0]?.Id);
  };

  const unitPaths = async (): Promise<UnitPaths> => addUnitsBelow(await rootId(), [], new Map());

  const unitsAmong = (paths: UnitPaths): readonly (readonly string[])[] =>
    [...paths.values()].filter((path) => path.length > 0);

  /**
   * Asking each parent for its accounts would be slower: AWS bears 5 such calls a second, and 8 a second of those that
   * list all accounts. An account that says nothing of where it stands, or was moved meanwhile, is asked for
   * by itself.
   */
  const survey = async (): Promise<Surveyed> => {
    const [accounts, paths] = await Promise.all([allAccounts(), unitPaths()]);
    const placed: PlacedAccount[] = [];
    for (const account of accounts) {
      const path =
        paths.get(parentIdsOf(account)?.at(-1) ?? '') ?? (await pathAbove(required(SOURCE, 'AccountId', account.Id)));
      placed.push({ account, path });
    }
    return { placed, units: unitsAmong(paths) };
  };

  const rememberedRoot = cachedByKey(rootId, UNIT_NAME_SECONDS, clock);
  const rememberedUnitsIn = cachedByKey(unitsIn, UNIT_NAME_SECONDS, clock);

  return {
    managementAccountId: async () => {
      const { Organization } = await calls('DescribeOrganization', {});
      return required(SOURCE, 'MasterAccountId', Organization?.MasterAccountId);
    },

    find: async (AccountId) => {
      if (!ACCOUNT_ID.test(AccountId)) return undefined;
      const describing = calls('DescribeAccount', { AccountId });
      const found = await callingUnless(SOURCE, ['AccountNotFoundException'], describing);
      if (!found) return undefined;
      const account = required(SOURCE, 'Account', found.Account);
      return { account, path: await pathOf(account, AccountId) };
    },

    list: async () => (await survey()).placed,
    survey,

    /** No tags for an account that is closed meanwhile: it is no target any more. */
    tagsOf: async (ResourceId) => {
      const tags = await allPages(async (NextToken) => {
        const listing = calls('ListTagsForResource', { ResourceId, NextToken });
        const answer = await callingUnless(SOURCE, NO_SUCH_TARGET, listing);
        return { items: answer?.Tags, nextToken: answer?.NextToken };
      });
      return tagsFrom(SOURCE, tags);
    },

    units: async () => unitsAmong(await unitPaths()),

    hasUnit: async (path) => {
      let parentId = await rememberedRoot('');
      for (const name of path) {
        const unit = (await rememberedUnitsIn(parentId)).find((one) => one.Name === name);
        if (!unit) return false;
        parentId = required(SOURCE, 'OrganizationalUnitId', unit.Id);
      }
      return true;
    },
  };
};
