/** Policy files: entitlements and approvers are read in every form, and several files are one policy. */
import { describe, expect, it } from 'vitest';
import { readPolicyDocument } from '../../lambda/contract/policy-document.ts';
import { parsePolicyFiles } from '../../lambda/contract/policy-file.ts';
import { POLICY, policyOf } from './policy-text.ts';

describe('an entitlement', () => {
  it('is read in its widest form', () => {
    const text = `
version: 1
entitlements:
  - name: every-team
    who: { groups: [engineers], users: [Ann], attributes: { user_type: Employee, department: [payments, search] } }
    what:
      accounts:
        organizational_units: [Workloads]
        tags: { environment: prod }
        except: { ids: ['400000000001'], organizational_units: [Workloads/Regulated], tags: { frozen: ['yes', 'soon'] } }
      permission_sets: { tags: { risk: low } }
    match: [{ person: department, account_tag: team }]
    max_duration: 90m
    approval: { groups: [leads], required: 2 }
    require:
      justification_length: 10
      ticket_pattern: 'INC-\\d+'
      hours: { days: [mon, sat], from: '22:00', until: '06:00', time_zone: Europe/Berlin }
`;
    expect(policyOf(text).entitlements).toEqual([
      {
        name: 'every-team',
        who: {
          groups: ['engineers'],
          users: ['ann'],
          attributes: [
            { attribute: 'user_type', values: ['Employee'] },
            { attribute: 'department', values: ['payments', 'search'] },
          ],
        },
        what: {
          accounts: {
            ids: [],
            names: [],
            organizationalUnits: ['Workloads'],
            tags: [{ key: 'environment', values: ['prod'] }],
            except: {
              ids: ['400000000001'],
              organizationalUnits: ['Workloads/Regulated'],
              tags: [{ key: 'frozen', values: ['yes', 'soon'] }],
            },
          },
          permissionSets: { names: [], tags: [{ key: 'risk', values: ['low'] }] },
        },
        match: [{ attribute: 'department', tag: 'team' }],
        maxDurationSeconds: 5400,
        approval: [{ required: 2, groups: ['leads'], users: [], attributes: [] }],
        require: {
          justificationLength: 10,
          ticketPattern: 'INC-\\d+',
          hours: { days: [1, 6], fromMinute: 1320, untilMinute: 360, timeZone: 'Europe/Berlin' },
        },
      },
    ]);
  });

  it('of all accounts stands for the whole organization', () => {
    expect(policyOf(POLICY).entitlements[0]?.what.accounts.organizationalUnits).toEqual(['/']);
  });
});

describe('approvers by attributes', () => {
  const stageOf = (approval: string) => {
    const [rule] = policyOf(POLICY.replace('approval: none', `approval: ${approval}`)).entitlements;
    return rule?.approval[0];
  };
  const LEAD = [{ attribute: 'title', values: ['Lead'] }];
  const NOBODY = { required: 1, groups: [], users: [], attributes: [] };

  it.each([
    ['alone, are everybody', '{ attributes: { title: Lead } }', { everybodyWith: LEAD }],
    ['in a stage, too', '{ stages: [{ approvers: { attributes: { title: Lead } } }] }', { everybodyWith: LEAD }],
    ['beside empty lists, too', '{ groups: [], users: [], attributes: { title: Lead } }', { everybodyWith: LEAD }],
    ['narrow groups', '{ groups: [leads], attributes: { title: Lead } }', { groups: ['leads'], attributes: LEAD }],
    ['narrow users', '{ users: [Ann], attributes: { title: Lead } }', { users: ['ann'], attributes: LEAD }],
    [
      'narrow whom a tag names',
      '{ account_tag: owner, attributes: { title: Lead } }',
      { accountTag: 'owner', attributes: LEAD },
    ],
  ])('%s', (_what, approval, expected) => {
    expect(stageOf(approval)).toEqual({ ...NOBODY, ...expected });
  });
});

describe('several files', () => {
  const FIRST = { name: '10-payments.yaml', text: POLICY };
  const second = (name: string) => ({ name: '20-search.yaml', text: `# search\n${POLICY.replace('a-rule', name)}` });

  it('are one policy, in their order, that knows where each rule was written', () => {
    const parsed = parsePolicyFiles([
      FIRST,
      second('b-rule'),
      { name: '30.yaml', text: 'version: 1\nguardrails: [{ name: g, forbid: no }]\n' },
    ]);
    if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
    expect(parsed.file.entitlements.map(({ name }) => name)).toEqual(['a-rule', 'b-rule']);
    expect(parsed.placeOf(['entitlements', 1, 'name'])).toEqual({ file: '20-search.yaml', line: 4, column: 11 });
    expect(parsed.placeOf(['guardrails', 0])).toEqual({ file: '30.yaml', line: 2, column: 14 });
    expect(readPolicyDocument(parsed.document)).toEqual({ ok: true, file: parsed.file });
  });

  it('tell in which of them something does not fit', () => {
    const parsed = parsePolicyFiles([FIRST, second('a-rule')]);
    expect(parsed.ok ? [] : parsed.problems).toEqual([
      '20-search.yaml:4:11: entitlements.1.name: "a-rule" is used twice',
    ]);
  });
});
