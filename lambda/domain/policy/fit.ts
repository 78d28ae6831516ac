/** Whether a rule's words fit a person, an account, a permission set: yes, no, or unknown, which is never taken for either. */
import { foldedCase } from '../proven-identity.ts';
import type { Account, Missing, PermissionSet, PersonAttributes, Requester, Tags } from './facts.ts';
import type {
  AccountSelector,
  AttributeMatch,
  AttributeTest,
  Exception,
  PermissionSetSelector,
  TagTest,
  Who,
} from './policy.ts';

/** `unknown`: what it depends on could not be read or does not exist. It grants nothing, and lifts no guardrail (law 9). */
export type Fit = 'yes' | 'no' | 'unknown';

const fitIf = (is: boolean): Fit => (is ? 'yes' : 'no');

export const both = (left: Fit, right: Fit): Fit => {
  if (left === 'no' || right === 'no') return 'no';
  return left === 'unknown' || right === 'unknown' ? 'unknown' : 'yes';
};

export const either = (left: Fit, right: Fit): Fit => {
  if (left === 'yes' || right === 'yes') return 'yes';
  return left === 'unknown' || right === 'unknown' ? 'unknown' : 'no';
};

export const not = (one: Fit): Fit => (one === 'unknown' ? 'unknown' : fitIf(one === 'no'));

const all = (fits: readonly Fit[]): Fit => fits.reduce(both, 'yes');
const any = (fits: readonly Fit[]): Fit => fits.reduce(either, 'no');

export const fitsTag = ({ key, values }: TagTest, tags: Tags | undefined): Fit => {
  if (!tags) return 'unknown';
  return fitIf(Object.hasOwn(tags, key) && values.includes(tags[key] ?? ''));
};

/** Whether somebody with these attributes has all that are asked for. */
export const hasAttributes = (tests: readonly AttributeTest[], attributes: PersonAttributes | undefined): Fit => {
  if (tests.length === 0) return 'yes';
  if (!attributes) return 'unknown';
  const has = ({ attribute, values }: AttributeTest): boolean => {
    const value = attributes[attribute];
    return value !== undefined && values.includes(value);
  };
  return fitIf(tests.every(has));
};

/** Whether somebody is one of everybody with these attributes. NB. With no attribute at all that is nobody (law 9). */
export const isOneWith = (tests: readonly AttributeTest[], attributes: PersonAttributes | undefined): boolean =>
  tests.length > 0 && hasAttributes(tests, attributes) === 'yes';

const isListed = ({ groups, users }: Who, requester: Requester): Fit => {
  if (users.length > 0 && users.includes(foldedCase(requester.person.userName))) return 'yes';
  if (groups.some((group) => requester.groups.has(group))) return 'yes';
  return requester.missing && groups.some((group) => requester.missing?.groups.has(group)) ? 'unknown' : 'no';
};

export const fitsWho = (who: Who, requester: Requester): Fit => {
  const { groups, users, attributes } = who;
  const attributesFit = hasAttributes(attributes, requester.person.attributes);
  const isForAll = groups.length === 0 && users.length === 0 && attributes.length > 0;
  return isForAll ? attributesFit : both(isListed(who, requester), attributesFit);
};

/** NB. Only whole names count: `Workloads/Pay` is not above `Workloads/Payments`. */
export const isBelow = (ouPath: string, unit: string): boolean =>
  unit === '/' || ouPath === unit || (ouPath.startsWith(unit) && ouPath[unit.length] === '/');

const fitsUnits = (units: readonly string[], { ouPath }: Account, missing: Missing | undefined): Fit => {
  if (units.some((unit) => isBelow(ouPath, unit))) return 'yes';
  return missing && units.some((unit) => missing.organizationalUnits.has(unit)) ? 'unknown' : 'no';
};

const fitsPlace = (selector: AccountSelector, account: Account, missing: Missing | undefined): Fit => {
  const { ids, names, organizationalUnits, tags } = selector;
  if (ids.length + names.length + organizationalUnits.length === 0) return fitIf(tags.length > 0);
  if (ids.includes(account.id) || names.includes(account.name)) return 'yes';
  return fitsUnits(organizationalUnits, account, missing);
};

const fitsException = (except: Exception, account: Account, missing: Missing | undefined): Fit =>
  any([
    fitIf(except.ids.includes(account.id)),
    // Of a unit that does not exist nobody knows which accounts were meant.
    fitsUnits(except.organizationalUnits, account, missing),
    ...except.tags.map((test) => fitsTag(test, account.tags)),
  ]);

export const fitsAccounts = (selector: AccountSelector, account: Account, missing: Missing | undefined): Fit => {
  const place = fitsPlace(selector, account, missing);
  if (place === 'no') return 'no';
  const tags = all(selector.tags.map((test) => fitsTag(test, account.tags)));
  const kept = selector.except ? not(fitsException(selector.except, account, missing)) : 'yes';
  return both(place, both(tags, kept));
};

export const fitsPermissionSets = ({ names, tags }: PermissionSetSelector, permissionSet: PermissionSet): Fit => {
  const named = names.length === 0 ? fitIf(tags.length > 0) : fitIf(names.includes(permissionSet.name));
  if (named === 'no' || tags.length === 0) return named;
  return all(tags.map((test) => fitsTag(test, permissionSet.tags)));
};

export const fitsMatch = ({ attribute, tag }: AttributeMatch, { person }: Requester, { tags }: Account): Fit => {
  if (!person.attributes || !tags) return 'unknown';
  const value = person.attributes[attribute];
  return fitIf(value !== undefined && value !== '' && Object.hasOwn(tags, tag) && tags[tag] === value);
};

export const fitsMatches = (matches: readonly AttributeMatch[], requester: Requester, account: Account): Fit =>
  matches.length === 0 ? 'yes' : all(matches.map((match) => fitsMatch(match, requester, account)));
