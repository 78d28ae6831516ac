/** The small world with what it takes to look at a proposed policy: a catalogue, and the reader of policies. */
import { expect } from 'vitest';
import { createPolicyContentReader } from '../../lambda/adapters/policy-content-reader.ts';
import { parsePolicyFile } from '../../lambda/contract/policy-file.ts';
import type { PolicyCase } from '../../lambda/domain/policy/policy-case.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { type CheckInput, checkPolicy } from '../../lambda/use-cases/check-policy.ts';
import type { CheckLimits } from '../../lambda/use-cases/world.ts';
import { ACCOUNTS, GROUPS, PEOPLE, PERMISSION_SETS, POLICY_TEXT } from './small-policy.ts';
import type { SmallWorld } from './small-world.ts';

export const CHECK_LIMITS: CheckLimits = {
  policyCheckMemberships: 5000,
  policyCheckPairs: 5_000_000,
  policyCheckSeconds: 10,
  policyCheckUsers: 100,
  policyCheckGroups: 4000,
  policyCheckEvents: 5000,
  policyCheckLookupSeconds: 14,
  auditSpanSeconds: 31 * 86_400,
};

/** What is stored and sent. */
export const policyContent = (text: string): unknown => {
  const parsed = parsePolicyFile(text);
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  return JSON.parse(parsed.document);
};

export const readOnce = ({ catalogue, clock }: SmallWorld): void => {
  const tagged = <Thing extends object>(all: readonly Thing[]) =>
    all.map((one) => ({ ...one, tags: { team: 'payments' } }));
  catalogue.publish({
    asOf: clock.now(),
    accounts: tagged(Object.values(ACCOUNTS)),
    units: ['Workloads', 'Workloads/Payments', 'Workloads/Storefront', 'Sandbox'],
    permissionSets: tagged(Object.values(PERMISSION_SETS)),
  });
  catalogue.publishGroups(Object.values(GROUPS), clock.now());
};

export const check = (
  small: SmallWorld,
  input: Pick<CheckInput, 'content'> & Partial<CheckInput>,
  limits: Partial<CheckLimits> = {},
) => {
  const { world, counting } = small;
  const parts = {
    policyReader: createPolicyContentReader(),
    trail: world.ledger,
    census: counting.census,
    censusTaker: counting.censusTaker,
    limits: { ...world.limits, ...CHECK_LIMITS, ...limits },
  };
  return checkPolicy({ ...world, ...parts }, { caller: PEOPLE.aud, cases: [], people: [], ...input });
};

/** What is found where the look is not refused. */
export const found = async (...args: Parameters<typeof check>) => {
  const checked = await check(...args);
  if (isRefusal(checked)) throw new Error(`${checked.refused}: ${checked.detail}`);
  return checked;
};

/** The policy in force, as it is and with a change. */
export const SAME = policyContent(POLICY_TEXT);
export const changedText = (from: string, to: string): string => {
  expect(POLICY_TEXT).toContain(from);
  return POLICY_TEXT.replace(from, to);
};
export const proposed = (from: string, to: string): unknown => policyContent(changedText(from, to));

export const CASE: PolicyCase = {
  name: 'a case',
  person: 'ann',
  target: 'payments-prod/Admin',
  for: 3600,
  at: '2026-11-23T10:00Z',
  reason: 'long enough',
  on_call: [],
  open: [],
  expect: 'allowed',
};
