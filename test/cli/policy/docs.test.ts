/** docs/policy.md: every example is run as it stands there; the published schema is that of the code, and takes the examples. */
import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readCases, runCase } from '../../../cli/policy/cases.ts';
import { lint } from '../../../cli/policy/lint.ts';
import { offlineOrganization } from '../../../cli/policy/offline.ts';
import { policyFrom } from '../../../lambda/adapters/policy-from-file.ts';
import { type PolicyText, parsePolicyFiles } from '../../../lambda/contract/policy-file.ts';
import { policyJsonSchema } from '../../../lambda/contract/policy-schema.ts';
import { readTestSeed } from '../../contract/stand-in.ts';
import { exportOf } from './seed-organization.ts';

const text = await readFile('docs/policy.md', 'utf8');
const organization = offlineOrganization(exportOf(await readTestSeed()));

interface Example {
  readonly title: string;
  /** One file, or those of a folder. */
  readonly policy: readonly PolicyText[];
  readonly cases: string;
}

const blocksIn = (section: string, language: string): readonly string[] =>
  [...section.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, block = '']) => block);

/** A policy of several files says behind `yaml policy` which one it is. */
const filesIn = (section: string): readonly PolicyText[] =>
  [...section.matchAll(/^```yaml policy ?(\S*)\n([\s\S]*?)^```$/gm)].map(([, name = '', text_ = '']) => ({
    name: name === '' ? 'policy' : name,
    text: text_,
  }));

const EXAMPLES: readonly Example[] = text
  .split(/^### /m)
  .slice(1)
  .map((section) => ({
    title: section.split('\n')[0] ?? '',
    policy: filesIn(section),
    cases: blocksIn(section, 'yaml cases').join('\n'),
  }));

const parsedOf = (policy: readonly PolicyText[]) => {
  const parsed = parsePolicyFiles(policy);
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed;
};

const CASES = EXAMPLES.flatMap(({ title, policy, cases }) => {
  const { file, version } = parsedOf(policy);
  const read = readCases({ name: title, text: `version: 1\ncases:\n${cases}` });
  return read.map(
    (one) => [title, one.given.name, () => runCase(policyFrom(file, version), organization, one)] as const,
  );
});

describe('the examples of docs/policy.md', () => {
  it('are one for each rule of precedence, with cases', () => {
    expect(EXAMPLES.length).toBeGreaterThanOrEqual(7);
    for (const { policy, cases } of EXAMPLES) {
      expect(policy.length).toBeGreaterThan(0);
      expect(cases).not.toBe('');
    }
  });

  it.each(CASES)('%s: %s', (_title, _name, run) => {
    expect(run().differences).toEqual([]);
  });

  it.each(EXAMPLES.filter(({ title }) => !title.startsWith('Names that')))(
    '$title: lint finds nothing',
    ({ policy }) => {
      expect(lint(parsedOf(policy), organization)).toEqual([]);
    },
  );

  it('are linted where names are wrong', () => {
    const wrong = EXAMPLES.find(({ title }) => title.startsWith('Names that'))?.policy ?? [];
    expect(lint(parsedOf(wrong), organization).map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'entitlements.0.who.groups.0: there is no group "payments-enginers", so the rule grants nothing; did you mean "payments-engineers"?',
      'entitlements.1.what.accounts.names.1: there is no account "payments-gone", so the rule grants nothing; did you mean "payments-dev"?',
      'entitlements.3.what.accounts.except.organizational_units.0: there is no OU "Workloads/Payments/Secret", so the rule grants nothing; did you mean "Workloads/Payments"?',
      'entitlements.4.what.permission_sets.1: there is no permission set "ReadOnlyAcess", so the rule grants nothing; did you mean "ReadOnlyAccess"?',
      'guardrails.0.who.groups.0: there is no group "contractors", so the guardrail holds for everybody, or everywhere; did you mean "storefront-engineers"?',
      'guardrails.1.what.permission_sets.0: there is no permission set "ReadOnlyAcess", so this part of the guardrail holds for nothing; did you mean "ReadOnlyAccess"?',
    ]);
  });
});

describe('docs/policy.schema.json', () => {
  const FILES = ['examples/policy/policy.yaml', 'local/policy.yaml', 'bench/policy.yaml'];
  const validate = new Ajv2020({ strict: false }).compile(policyJsonSchema());

  it('is that of the code (npm run policy-schema writes it)', async () => {
    expect(JSON.parse(await readFile('docs/policy.schema.json', 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(policyJsonSchema())),
    );
  });

  it.each(FILES)('takes %s, whose first line names it', async (path) => {
    const file = await readFile(path, 'utf8');
    expect(file.split('\n')[0]).toMatch(/^# yaml-language-server: \$schema=(\.\.\/)+docs\/policy\.schema\.json$/);
    expect(validate(parse(file)), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each(EXAMPLES)('takes the example: $title', ({ policy }) => {
    for (const one of policy) expect(validate(parse(one.text)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('refuses what the service refuses', () => {
    expect(validate({ version: 1, entitlements: [{ name: 'x' }] })).toBe(false);
    expect(validate({ version: 1, guardrails: [{ name: 'x', forbidden: 'no' }] })).toBe(false);
    const what = { accounts: 'all', permission_sets: ['ReadOnlyAccess'] };
    const rule = { name: 'x', who: { groups: ['a'] }, what, max_duration: '1h' };
    const verdicts = [rule, { ...rule, approval: 'none' }, { ...rule, break_glass: { tell: { groups: ['a'] } } }];
    expect(verdicts.map((one) => validate({ version: 1, entitlements: [one] }))).toEqual([false, true, true]);
    const effects = [{}, { forbid: 'no' }, { forbid: 'no', max_open: 2 }];
    expect(effects.map((one) => validate({ version: 1, guardrails: [{ name: 'x', ...one }] }))).toEqual([
      false,
      true,
      false,
    ]);
  });
});
