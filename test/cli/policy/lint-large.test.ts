/** Lint over very many people: what it looks up once, and what it leaves out so that nobody waits for it. */
import { expect, it } from 'vitest';
import { lintRules } from '../../../lambda/adapters/policy-lint.ts';
import { parsePolicyFile } from '../../../lambda/contract/policy-file.ts';
import type { NamedPeople } from '../../../lambda/domain/policy/policy.ts';
import { colleague, staffOf } from '../../domain/policy/sample-staff.ts';

const fileOf = (rules: readonly string[]) => {
  const parsed = parsePolicyFile(`version: 1\nentitlements:${rules.join('')}\n`);
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  return parsed.file;
};

const rule = (name: string, approval: string, who = '{ groups: [all] }'): string => `
  - name: ${name}
    who: ${who}
    what: { accounts: all, permission_sets: [Admin] }
    max_duration: 1h
    approval: ${approval}`;

it('looks up who is in a group once, however many rules name it', () => {
  const staff = staffOf([colleague('ann'), colleague('lea')], { all: ['ann', 'lea'], leads: ['lea'] });
  const asked: NamedPeople[] = [];
  const idsOf = (named: NamedPeople): readonly string[] => {
    asked.push(named);
    return staff.idsOf(named);
  };
  const approvals = ['{ groups: [leads] }', '{ groups: [leads], required: 2 }', '{ groups: [all] }'];
  const rules = Array.from({ length: 60 }, (_, index) => rule(`rule-${index}`, approvals[index % 3] ?? ''));
  const { findings } = lintRules(fileOf(rules), { staff: { ...staff, idsOf } });
  expect(findings.map(({ message }) => message)).toEqual(
    Array.from({ length: 20 }, () => 'it needs 2 approval(s), and 1 enabled person(s) could give one'),
  );
  const ofGroups = asked.flatMap(({ groups }) => groups);
  expect(ofGroups.filter((group) => group === 'leads')).toHaveLength(1);
  expect(ofGroups.filter((group) => group === 'all')).toHaveLength(1);
});

it('tells apart stages of the same groups that attributes narrow', () => {
  const people = [colleague('ann'), colleague('lea', { attributes: { title: 'lead' } })];
  const staff = staffOf(people, { all: ['ann', 'lea'], leads: ['ann', 'lea'] });
  const narrowed = '{ groups: [leads], attributes: { title: [lead] }, required: 2 }';
  const file = fileOf([rule('one', '{ groups: [leads], required: 2 }', '{ users: [nobody] }'), rule('two', narrowed)]);
  expect(lintRules(file, { staff }).findings.map(({ path }) => path.slice(0, 2))).toEqual([['entitlements', 1]]);
});

it('says what was meant by a user name as long as comparing takes no more than a moment', () => {
  const users = ['maria', ...Array.from({ length: 600_000 }, () => 'somebody')];
  const file = fileOf([rule('one', 'none', '{ users: [marla, marya] }')]);
  const { findings } = lintRules(file, { users, bearersOf: () => 'none' });
  expect(findings.map(({ message }) => message)).toEqual([
    'there is no user "marla", so this part is nobody; did you mean "maria"?',
    'there is no user "marya", so this part is nobody',
  ]);
});
