/** The share of AWS's rates that reading the organization takes, put on the calls that it reads by. */
import type { Clock } from '../ports/clock.ts';
import type { IdentityStoreCalls } from './identity-store-calls.ts';
import type { OrganizationsCalls } from './organizations-calls.ts';
import type { PermissionSetCalls } from './permission-set-calls.ts';
import { createTurns, type Rate } from './turns.ts';

/**
 * By operation. AWS bears more: 8 a second of ListAccounts (burst 12), 10 of ListTagsForResource (15); of listing units it
 * documents nothing, and 5 (8) of the like list of accounts. The rest is for people who ask, and for others in the organization.
 */
export const ORGANIZATIONS_RATES: Readonly<Record<string, Rate>> = {
  ListAccounts: { perSecond: 5, burst: 8 },
  ListOrganizationalUnitsForParent: { perSecond: 4, burst: 8 },
  ListTagsForResource: { perSecond: 8, burst: 12 },
};
/** All calls together. AWS bears 20 a second for everyone, granting and ending among them. */
export const IDENTITY_CENTER_RATE: Rate = { perSecond: 8, burst: 8 };
/** AWS bears 20 a second of each kind of call, and this reads by one kind. */
export const IDENTITY_STORE_RATE: Rate = { perSecond: 10, burst: 10 };

/** The same calls, each of which waits for its turn where its operation has a rate. */
export const pacedOrganizations = (calls: OrganizationsCalls, clock: Clock): OrganizationsCalls => {
  const turns = new Map(Object.entries(ORGANIZATIONS_RATES).map(([name, rate]) => [name, createTurns(rate, clock)]));
  return async (operation, input) => {
    await turns.get(operation)?.();
    return calls(operation, input);
  };
};

/**
 * For looking up people of a proposed policy, where somebody waits: others wait for the same twenty to be given access. Each
 * container of the function has a pace of its own; two at once stay below twenty.
 */
export const POLICY_CHECK_RATE: Rate = { perSecond: 9, burst: 5 };

/**
 * For counting everybody, minutes on end, where others list members while somebody waits. NB. With two looks at policies at their
 * busiest it is 24, of all kinds of calls together: over twenty of a kind only where all three list members at once.
 */
export const CENSUS_RATE: Rate = { perSecond: 6, burst: 1 };

/** The same calls, all of which take turns. */
export const pacedIdentityStore = (
  calls: IdentityStoreCalls,
  clock: Clock,
  rate: Rate = IDENTITY_STORE_RATE,
): IdentityStoreCalls => {
  const turn = createTurns(rate, clock);
  return async (operation, input) => {
    await turn();
    return calls(operation, input);
  };
};

export const pacedPermissionSets = (calls: PermissionSetCalls, clock: Clock): PermissionSetCalls => {
  const turn = createTurns(IDENTITY_CENTER_RATE, clock);
  return async (operation, input) => {
    await turn();
    return calls(operation, input);
  };
};
