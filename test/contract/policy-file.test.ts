/** Policy files: every form of a rule is read, and what does not fit is told with file, line and column. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { policyFrom } from '../../lambda/adapters/policy-from-file.ts';
import { readPolicyDocument } from '../../lambda/contract/policy-document.ts';
import { parsePolicyFile, parsePolicyFiles } from '../../lambda/contract/policy-file.ts';
import { policyJsonSchema, policyLanguage } from '../../lambda/contract/policy-schema.ts';
import type { Guardrail } from '../../lambda/domain/policy/policy.ts';
import { instant, toIso } from '../../lambda/domain/time.ts';

const RULE = `
  - name: a-rule
    who: { groups: [engineers] }
    what: { accounts: all, permission_sets: [Admin] }
    max_duration: 1h
    approval: none`;
const POLICY = `version: 1\nentitlements:${RULE}\n`;

const problemsOf = (text: string): readonly string[] => {
  const parsed = parsePolicyFile(text, 'a.yaml');
  return parsed.ok ? [] : parsed.problems;
};
const policyOf = (text: string) => {
  const parsed = parsePolicyFile(text);
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return policyFrom(parsed.file, parsed.version);
};

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

const guardrailOf = (effect: string): Guardrail => {
  const [one] = policyOf(`version: 1\nguardrails:\n  - name: g\n    ${effect}\n`).guardrails;
  if (!one) throw new Error('there is no guardrail');
  return one;
};

describe('a guardrail', () => {
  it.each([
    ['forbid: never', { kind: 'forbid', reason: 'never' }],
    ['floor: { min_approvals: 2 }', { kind: 'floor', minApprovals: 2, approversFrom: [] }],
    ['floor: { approvers_from: [security] }', { kind: 'floor', minApprovals: 1, approversFrom: ['security'] }],
    ['floor: { max_duration: 30m }', { kind: 'floor', minApprovals: 0, approversFrom: [], maxDurationSeconds: 1800 }],
    ['max_open: 3', { kind: 'open-limit', most: 3 }],
  ])('%s', (text, effect) => {
    expect(guardrailOf(text)).toEqual({ name: 'g', effect });
  });

  it.each([
    // [the freeze, from, until, the overlap that is found]
    [
      'from: 2026-12-20, until: 2027-01-02, time_zone: Europe/Berlin',
      '2026-12-19T22:59',
      '2026-12-19T23:00',
      undefined,
    ],
    [
      'from: 2026-12-20, until: 2027-01-02, time_zone: Europe/Berlin',
      '2026-12-19T22:59',
      '2026-12-19T23:01',
      '2026-12-19T23:00',
    ],
    [
      'from: 2026-12-20, until: 2027-01-02, time_zone: Europe/Berlin',
      '2027-01-02T22:59',
      '2027-01-03T22:00',
      '2026-12-19T23:00',
    ],
    [
      'from: 2026-12-20, until: 2027-01-02, time_zone: Europe/Berlin',
      '2027-01-02T23:00',
      '2027-01-03T22:00',
      undefined,
    ],
    ['from: 2026-12-20, until: 2026-12-20', '2026-12-20T23:59', '2026-12-21T01:00', '2026-12-20T00:00'],
    [
      "from: '2026-12-20T18:00:00+01:00', until: '2026-12-20T20:00:00+01:00'",
      '2026-12-20T18:00',
      '2026-12-20T18:30',
      '2026-12-20T17:00',
    ],
    [
      "from: '2026-12-20T18:00:00+01:00', until: '2026-12-20T20:00:00+01:00'",
      '2026-12-20T19:00',
      '2026-12-20T19:30',
      undefined,
    ],
    // Fridays from 16:00 on in Berlin, for 64 hours: until Monday, 08:00.
    ["cron: '0 16 * * 5', duration: 64h, time_zone: Europe/Berlin", '2026-11-27T14:00', '2026-11-27T15:00', undefined],
    [
      "cron: '0 16 * * 5', duration: 64h, time_zone: Europe/Berlin",
      '2026-11-27T14:00',
      '2026-11-27T15:01',
      '2026-11-27T15:00',
    ],
    [
      "cron: '0 16 * * 5', duration: 64h, time_zone: Europe/Berlin",
      '2026-11-30T06:59',
      '2026-11-30T07:30',
      '2026-11-27T15:00',
    ],
    ["cron: '0 16 * * 5', duration: 64h, time_zone: Europe/Berlin", '2026-11-30T07:00', '2026-11-30T07:30', undefined],
    [
      "cron: '0 16 * * 5', duration: 64h, time_zone: Europe/Berlin",
      '2026-07-03T14:00',
      '2026-07-03T14:30',
      '2026-07-03T14:00',
    ],
  ])('freeze: { %s }, for a window from %s until %s', (freeze, from, until, expected) => {
    const { effect } = guardrailOf(`freeze: { reason: quiet, ${freeze} }`);
    if (effect.kind !== 'freeze') throw new Error('this is no freeze');
    const [begin, end] = [from, until].map((text) => instant(Date.parse(`${text}Z`)));
    const found = effect.schedule.firstWithin({ from: begin ?? instant(0), until: end ?? instant(0) });
    expect(found && toIso(found.from).slice(0, 16)).toBe(expected);
  });
});

const withGlass = (text: string): string =>
  POLICY.replace('approval: none', `approval: none\n    break_glass: ${text}`);

describe('break-glass', () => {
  const GLASS = "{ tell: { groups: [security], users: [Ann] }, incident_pattern: 'INC-[0-9]+' }";

  it('is a rule of its own beside the ordinary one, with what is left out filled in', () => {
    const { entitlements, breakGlass = [] } = policyOf(withGlass(GLASS));
    expect(entitlements.map(({ name, approval }) => [name, approval.length])).toEqual([['a-rule', 0]]);
    expect(entitlements[0]).not.toHaveProperty('breakGlass');
    expect(breakGlass).toMatchObject([
      {
        name: 'a-rule',
        approval: [],
        require: { justificationLength: 1, incidentPattern: 'INC-[0-9]+' },
        breakGlass: {
          tell: { groups: ['security'], users: ['Ann'] },
          reviewers: { groups: ['security'], users: ['Ann'] },
          reviewWithinSeconds: 86_400,
          maxUses: 3,
        },
      },
    ]);
  });

  it('alone lets nobody ask otherwise', () => {
    const { entitlements, breakGlass } = policyOf(withGlass(GLASS).replace('    approval: none\n', ''));
    expect([entitlements, breakGlass?.length]).toEqual([[], 1]);
  });

  it('takes neither ticket nor hours from its rule, and a length and reviewers of its own', () => {
    const require =
      "{ ticket_pattern: 'CHG', justification_length: 9, hours: { from: '08:00', until: '18:00', time_zone: UTC } }";
    const glass =
      '{ tell: { users: [a] }, max_duration: 30m, review: { within: 2h, by: { groups: [audit] } }, max_uses: 1 }';
    const [rule] = policyOf(withGlass(`${glass}\n    require: ${require}`)).breakGlass ?? [];
    expect(rule).toMatchObject({
      maxDurationSeconds: 1800,
      breakGlass: { reviewWithinSeconds: 7200, reviewers: { groups: ['audit'], users: [] }, maxUses: 1 },
    });
    expect(rule?.require).toEqual({ justificationLength: 9 });
  });

  it.each([
    ['forbid: no', false],
    ['forbid: no, break_glass: allow', true],
    ['max_open: 1', false],
    ['floor: { min_approvals: 1 }', false],
    ['freeze: { reason: r, from: 2026-12-20, until: 2026-12-21 }', true],
    ['freeze: { reason: r, from: 2026-12-20, until: 2026-12-21 }, break_glass: forbid', false],
  ])('is spared by a guardrail with %s: %s', (effect, expected) => {
    const [guardrail] = policyOf(`version: 1\nguardrails:\n  - { name: g, ${effect} }\n`).guardrails;
    expect(guardrail?.sparesBreakGlass === true).toBe(expected);
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

it('the language is not that of a version which refuses attributes of approvers alone, though the schema is the same', () => {
  const withoutWords = (name: string, value: unknown) =>
    (name === 'description' || name === 'title') && typeof value === 'string' ? undefined : value;
  const then = createHash('sha256').update(JSON.stringify(policyJsonSchema(), withoutWords)).digest('hex');
  expect(policyLanguage()).toMatch(/^[0-9a-f]{64}$/);
  expect(policyLanguage()).not.toBe(then);
});

describe('what does not fit', () => {
  it.each([
    [
      'an unknown key',
      POLICY.replace('max_duration', 'max_durations'),
      'a.yaml:6:20: entitlements.0.max_durations: there is no "max_durations" here',
    ],
    [
      'what is left out',
      POLICY.replace('    max_duration: 1h\n', ''),
      'a.yaml:3:5: entitlements.0.max_duration: is missing',
    ],
    [
      'no duration',
      POLICY.replace('1h', 'soon'),
      'a.yaml:6:19: entitlements.0.max_duration: "soon" is no duration; write 4h, 30m or PT4H',
    ],
    [
      'deep in a choice',
      POLICY.replace('accounts: all', 'accounts: { ids: [12] }'),
      'a.yaml:5:31: entitlements.0.what.accounts.ids.0: ',
    ],
    [
      'a misspelled part of a choice',
      POLICY.replace('accounts: all', 'accounts: { organisational_units: [A] }'),
      'there is no "organisational_units" here',
    ],
    [
      'a word that is none of the choice',
      POLICY.replace('approval: none', 'approval: nobody'),
      'a.yaml:7:15: entitlements.0.approval: Invalid input',
    ],
    ...(
      [
        [
          'nobody who approves',
          '{ required: 2 }',
          'entitlements.0.approval: name at least one group, user, attribute or account_tag',
        ],
        ['no attribute', '{ attributes: {} }', 'name at least one group, user, attribute or account_tag'],
        ['an attribute of no value', '{ attributes: { title: [] } }', 'entitlements.0.approval.attributes.title: '],
        [
          'an escalation to an attribute',
          '{ stages: [{ approvers: { groups: [leads] }, escalate_after: 1h, escalate_to: { attributes: { title: Lead } } }] }',
          'there is no "attributes" here',
        ],
        ['a misspelled part of one stage', '{ groups: [leads], requred: 2 }', 'there is no "requred" here'],
        ['a misspelled part of a stage', '{ stages: [{ approvers: { group: [leads] } }] }', 'there is no "group" here'],
        ['no stage', '{ stages: [] }', 'a.yaml:7:25: entitlements.0.approval.stages: '],
        [
          'six stages',
          `{ stages: [${Array(6).fill('{ approvers: { groups: [leads] } }').join()}] }`,
          'approval.stages: ',
        ],
        [
          'more approvals than twenty',
          `{ stages: [${Array(3).fill('{ approvers: { groups: [leads] }, required: 7 }').join()}] }`,
          'at most 20 approvals in all stages together',
        ],
        [
          'an escalation to nobody',
          '{ stages: [{ approvers: { groups: [leads] }, escalate_after: 1h }] }',
          'approval.stages.0: escalate_after and escalate_to go together',
        ],
        [
          'an escalation at no time',
          '{ stages: [{ approvers: { groups: [leads] }, escalate_to: { groups: [others] } }] }',
          'approval.stages.0: escalate_after and escalate_to go together',
        ],
        [
          'an escalation to a tag',
          '{ stages: [{ approvers: { groups: [leads] }, escalate_after: 1h, escalate_to: { account_tag: owner } }] }',
          'there is no "account_tag" here',
        ],
      ] as const
    ).map(([what, approval, expected]): [string, string, string] => [
      what,
      POLICY.replace('approval: none', `approval: ${approval}`),
      expected,
    ]),
    [
      'no attribute that there is',
      POLICY.replace('groups: [engineers]', 'attributes: { shoe_size: "43" }'),
      'a.yaml:4:',
    ],
    ['a name twice', `${POLICY.trimEnd()}${RULE}\n`, 'a.yaml:8:11: entitlements.1.name: "a-rule" is used twice'],
    [
      'a guardrail of the name of an entitlement',
      `${POLICY}guardrails:\n  - { name: a-rule, forbid: no }\n`,
      'a.yaml:9:13: guardrails.0.name: "a-rule" is used twice',
    ],
    ['a guardrail with no effect', 'version: 1\nguardrails:\n  - { name: g }\n', 'say exactly one of forbid, freeze'],
    [
      'a guardrail with two',
      'version: 1\nguardrails:\n  - { name: g, forbid: no, max_open: 1 }\n',
      'say exactly one of forbid, freeze',
    ],
    [
      'an account name in a guardrail',
      'version: 1\nguardrails:\n  - { name: g, forbid: no, what: { accounts: { names: [prod] } } }\n',
      'guardrails and exceptions go by the ids of accounts',
    ],
    [
      'an account name in an exception',
      POLICY.replace('accounts: all', 'accounts: { organizational_units: [/], except: { names: [prod] } }'),
      'guardrails and exceptions go by the ids of accounts',
    ],
    [
      'neither approval nor break-glass',
      POLICY.replace('    approval: none\n', ''),
      'entitlements.0.approval: is missing',
    ],
    ['break-glass of which nobody is told', withGlass('{ tell: {} }'), 'name at least one group or user'],
    [
      'break-glass without anybody to tell',
      withGlass('{ max_uses: 1 }'),
      'entitlements.0.break_glass.tell: is missing',
    ],
    [
      'a review by nobody',
      withGlass('{ tell: { groups: [a] }, review: { by: {} } }'),
      'name at least one group or user',
    ],
    ['a review in a month', withGlass('{ tell: { groups: [a] }, review: { within: 720h } }'), 'at most 7 days'],
    [
      'a pattern that is none',
      withGlass("{ tell: { groups: [a] }, incident_pattern: '(' }"),
      'this is no regular expression',
    ],
    ['no use at all', withGlass('{ tell: { groups: [a] }, max_uses: 0 }'), 'entitlements.0.break_glass.max_uses: '],
    [
      'a guardrail that neither holds nor spares',
      'version: 1\nguardrails:\n  - { name: g, forbid: no, break_glass: sometimes }\n',
      'guardrails.0.break_glass: ',
    ],
    [
      'a time zone',
      POLICY.replace(
        'approval: none',
        'approval: none\n    require: { hours: { from: "08:00", until: "18:00", time_zone: Mars/Base } }',
      ),
      'a time zone such as Europe/Berlin',
    ],
    [
      'a time of day',
      POLICY.replace(
        'approval: none',
        'approval: none\n    require: { hours: { from: "8", until: "18:00", time_zone: UTC } }',
      ),
      'a time of day such as 08:00, in quotes',
    ],
    [
      'a cron with seconds',
      'version: 1\nguardrails:\n  - { name: g, freeze: { reason: r, cron: "0 0 16 * * 5", duration: 1h, time_zone: UTC } }\n',
      'five cron fields',
    ],
    [
      'a freeze that ends before it begins',
      'version: 1\nguardrails:\n  - { name: g, freeze: { reason: r, from: 2026-12-20, until: 2026-12-19 } }\n',
      'until is not after from',
    ],
    [
      'a day that is none',
      'version: 1\nguardrails:\n  - { name: g, freeze: { reason: r, from: 2026-02-30, until: 2026-03-01 } }\n',
      'a day such as 2026-12-20',
    ],
    ['broken YAML', 'version: 1\nentitlements: [\n', 'a.yaml:3:1: '],
    [
      'an alias of nothing',
      'version: 1\nentitlements: [*rule]\n',
      'a.yaml:2:16: there is no anchor "rule" before this',
    ],
    [
      'aliases of aliases',
      `version: 1\na: &a [${'x, '.repeat(9)}x]\nb: &b [${'*a, '.repeat(9)}*a]\nentitlements: [${'*b, '.repeat(9)}*b]\n`,
      'a.yaml:1:1: its aliases stand for too much',
    ],
    [
      'a name that would be left out of a rule in silence',
      POLICY.replace('accounts: all', 'accounts: { organizational_units: [/], tags: { __proto__: [prod] } }'),
      'a.yaml:5:60: the name "__proto__" is not allowed',
    ],
  ])('%s', (_what, text, expected) => {
    const problems = problemsOf(text);
    expect(problems).not.toEqual([]);
    expect(problems.join('\n')).toContain(expected);
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
