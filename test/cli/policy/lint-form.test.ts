/** What is said of a policy whose form does not fit: what was meant, and what may stand there. */
import { expect, it } from 'vitest';
import { lint } from '../../../cli/policy/lint.ts';
import { parsePolicyFile } from '../../../lambda/contract/policy-file.ts';

const policy = (who: string, accounts: string, guardrail: string): string => `version: 1
entitlements:
  - name: looking
    who: ${who}
    what: { accounts: ${accounts}, permission_sets: [ReadOnlyAccess] }
    max_duration: 1h
    approval: none
guardrails:
  - { name: never, forbid: never, ${guardrail} }
`;

const [PEOPLE, ACCOUNTS, TARGETS] = ['{ users: [maria] }', 'all', 'what: { accounts: all }'];
const BY_ID = 'guardrails and exceptions go by the ids of accounts';
const IN_QUOTES = 'an account id has 12 digits; write it in quotes';
const MAY_BE = 'it may be title, user_type, department, division, organization, cost_center, employee_number';

it.each([
  [
    'an attribute of no directory',
    policy('{ users: [maria], attributes: { team: payments } }', ACCOUNTS, TARGETS),
    ['4:48', `entitlements.0.who.attributes.team: nobody has an attribute "team"; ${MAY_BE}`],
  ],
  [
    'accounts by name in a guardrail',
    policy(PEOPLE, ACCOUNTS, "what: { accounts: { ids: ['400000000001'], names: [payments-prod] } }"),
    ['9:85', `guardrails.0.what.accounts.names: ${BY_ID}`],
  ],
  [
    'people by name in a guardrail',
    policy(PEOPLE, ACCOUNTS, 'who: { groups: [leads], users: [maria] }'),
    ['9:66', 'guardrails.0.who.users: guardrails go by groups of people'],
  ],
  [
    'accounts by name in an exception',
    policy(PEOPLE, "{ organizational_units: [/], except: { ids: ['400000000001'], names: [dns] } }", TARGETS),
    ['5:92', `entitlements.0.what.accounts.except.names: ${BY_ID}`],
  ],
  [
    'an account id without quotes',
    policy(PEOPLE, '{ ids: [400000000001] }', TARGETS),
    ['5:31', `entitlements.0.what.accounts.ids.0: ${IN_QUOTES}`],
  ],
  [
    'a key that belongs elsewhere',
    policy('{ users: [maria], cron: x }', ACCOUNTS, TARGETS),
    ['4:34', 'entitlements.0.who.cron: there is no "cron" here'],
  ],
])('tells of %s', (_what, text, [place, finding]) => {
  const told = lint(parsePolicyFile(text), undefined).map(({ place: { line, column }, path, message }) => {
    return [`${line}:${column}`, `${path}: ${message}`];
  });
  expect(told).toContainEqual([place, finding]);
});
