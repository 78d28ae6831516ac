/** What does not fit in a policy file: each is told with file, line and column. */
import { describe, expect, it } from 'vitest';
import { POLICY, problemsOf, RULE, withGlass } from './policy-text.ts';

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
