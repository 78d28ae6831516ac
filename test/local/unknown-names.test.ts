/** Names in a policy that match nothing in the organization. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { PolicyFile } from '../../lambda/contract/policy-document.ts';
import { parsePolicyFile } from '../../lambda/contract/policy-file.ts';
import { readSeed } from '../../local/seed/seed.ts';
import { unknownNames } from '../../local/unknown-names.ts';

const seed = await readSeed('local/seed/organization.yaml');

const policyOf = (text: string): PolicyFile => {
  const parsed = parsePolicyFile(text);
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed.file;
};

test.each(['local/policy.yaml', 'examples/policy/policy.yaml'])(
  '%s names nothing that the seed does not have',
  async (path) => {
    expect(unknownNames(policyOf(await readFile(path, 'utf8')), seed)).toEqual([]);
  },
);

test('each kind of name that matches nothing is told', () => {
  const policy = policyOf(`
version: 1
entitlements:
  - name: all-wrong
    who: { groups: [payments-leeds], users: [mallory] }
    what:
      accounts: { ids: ['123456789012'], names: [payments], organizational_units: [Workloads/Payment, /] }
      permission_sets: [Root]
    max_duration: 1h
    approval: { groups: [nobody] }
`);
  expect(unknownNames(policy, seed)).toEqual([
    'group payments-leeds',
    'group nobody',
    'user mallory',
    'account payments',
    'account 123456789012',
    'OU Workloads/Payment',
    'permission set Root',
  ]);
});
