/** A policy with its cases in files, what the service says of it, and the command that asks. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { signedInCommand } from '../support/command-and-service.ts';

export const POLICY = `version: 1
entitlements:
  - name: payments
    who: { groups: [payments-enginers] }
    what: { accounts: { names: [payments-prod] }, permission_sets: [AdministratorAccess] }
    max_duration: 1h
    approval: { groups: [payments-leads] }
`;
export const CASES = `version: 1
cases:
  - { name: one of the team, person: maria, target: payments-prod/AdministratorAccess, for: 1h, at: '2026-11-23T10:00Z', expect: allowed, at_most: 2h }
`;
export const VERSION = 'a'.repeat(64);
export const IN_FORCE = 'b'.repeat(64);
export const terms = (approvals: number) => ({ approvals, approvers: 'payments-leads', maxDuration: 'PT1H' });
export const TARGET = { accountId: '400000000001', accountName: 'payments-prod', permissionSet: 'AdministratorAccess' };
export const ANSWER = {
  inForce: IN_FORCE,
  version: VERSION,
  findings: [{ path: 'entitlements.0.who.groups.0', message: 'there is no group "payments-enginers"' }],
  findingsLeftOut: 0,
  usersNotLookedUp: 0,
  cases: [
    {
      ...{ name: 'one of the team', passed: false, counted: true },
      differences: ['expect: expected "allowed", got "not_eligible"'],
    },
  ],
  people: [
    { userName: 'maria', changes: [{ kind: 'changes', ...TARGET, before: terms(1), after: terms(2) }], isWhole: false },
    { userName: 'omar', changes: [], isWhole: true },
  ],
};
export const CHECK = 'POST /iam/v1/policy/check';

/** To be called once, outside of tests: they have the service, `brevet policy`, and the files of the policy. */
export const checkedPolicy = () => {
  const { brevet, service, run } = signedInCommand();
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'brevet-check-'));
    await writeFile(join(folder, 'policy.yaml'), POLICY);
    await writeFile(join(folder, 'policy.test.yaml'), CASES);
  });
  afterAll(() => rm(folder, { recursive: true }));
  return {
    brevet,
    service,
    run: (...args: readonly string[]) => run(['policy', ...args]),
    files: {
      get folder() {
        return folder;
      },
      get policy() {
        return join(folder, 'policy.yaml');
      },
    },
  };
};
