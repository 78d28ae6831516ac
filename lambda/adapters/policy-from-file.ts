/** The policy as the domain knows it, out of a policy file that was parsed and checked. */
import type { PolicyFile } from '../contract/policy-document.ts';
import type { Entitlement, Policy } from '../domain/policy/policy.ts';
import { foldedCase } from '../domain/proven-identity.ts';
import type { DurationSeconds } from '../domain/time.ts';

type EntitlementInFile = PolicyFile['entitlements'][number];

const approvalFrom = (approval: EntitlementInFile['approval']): Entitlement['approval'] =>
  approval === 'none' ? { required: 0, groups: [] } : { required: approval.required, groups: approval.groups };

const requirementsFrom = (require: EntitlementInFile['require']): Entitlement['require'] => ({
  justificationLength: require.justification_length,
  ...(require.ticket_pattern === undefined ? {} : { ticketPattern: require.ticket_pattern }),
});

const entitlementFrom = (rule: EntitlementInFile): Entitlement => ({
  name: rule.name,
  who: { groups: rule.who.groups, users: rule.who.users.map(foldedCase) },
  what: {
    accountIds: rule.what.accounts.ids,
    accountNames: rule.what.accounts.names,
    organizationalUnits: rule.what.accounts.organizational_units,
    permissionSets: rule.what.permission_sets,
  },
  // The schema lets whole, positive seconds through and nothing else.
  maxDurationSeconds: rule.max_duration as DurationSeconds,
  approval: approvalFrom(rule.approval),
  require: requirementsFrom(rule.require),
});

export const policyFrom = (file: PolicyFile, version: string): Policy => ({
  version,
  entitlements: file.entitlements.map(entitlementFrom),
});
