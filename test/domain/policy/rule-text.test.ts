/** Rules in words: whom they name, which accounts and permission sets, and who may decide in whose place. */
import { describe, expect, it } from 'vitest';
import type { AccountSelector, PermissionSetSelector, Stage, Who } from '../../../lambda/domain/policy/policy.ts';
import {
  accountsText,
  delegationText,
  demandText,
  escalationText,
  permissionSetsText,
  whoText,
} from '../../../lambda/domain/policy/rule-text.ts';
import { seconds } from '../samples.ts';
import { stage } from './sample-policy.ts';

const RISK = { key: 'risk', values: ['low', 'none'] };
const TEAM = { key: 'team', values: ['payments'] };

it.each<[Partial<Who>, string]>([
  [{}, 'nobody'],
  [{ groups: ['engineers', 'leads'], users: ['ann'] }, 'group engineers or leads, user ann'],
  [
    {
      attributes: [
        { attribute: 'cost_center', values: ['7', '8'] },
        { attribute: 'title', values: ['Lead'] },
      ],
    },
    'everybody with cost center 7 or 8 and title Lead',
  ],
])('people: %j', (change, expected) => {
  expect(whoText({ groups: [], users: [], attributes: [], ...change })).toBe(expected);
});

it.each<[Partial<AccountSelector>, string]>([
  [{}, 'any account'],
  [{ organizationalUnits: ['/'], ids: ['1'] }, 'any account'],
  [
    { ids: ['1', '2'], names: ['prod'], organizationalUnits: ['Workloads', 'Sandbox'] },
    'account prod or 1 or 2, OU Workloads or Sandbox',
  ],
  [{ tags: [RISK, TEAM] }, 'any account with tag "risk" low or none and tag "team" payments'],
  [
    {
      organizationalUnits: ['Workloads'],
      except: { ids: ['1', '2'], organizationalUnits: ['Workloads/Payments'], tags: [TEAM] },
    },
    'OU Workloads, but not account 1 or 2, OU Workloads/Payments, tag "team" payments',
  ],
])('accounts: %j', (change, expected) => {
  expect(accountsText({ ids: [], names: [], organizationalUnits: [], tags: [], ...change })).toBe(expected);
});

it.each<[PermissionSetSelector, string]>([
  [{ names: [], tags: [] }, 'any permission set'],
  [{ names: ['Admin', 'Read'], tags: [RISK] }, 'Admin or Read with tag "risk" low or none'],
  [{ names: [], tags: [TEAM] }, 'any permission set with tag "team" payments'],
])('permission sets: %j', (selector, expected) => {
  expect(permissionSetsText(selector)).toBe(expected);
});

describe('of a stage is said', () => {
  it('that several lists narrow who counts', () => {
    expect(demandText({ ...stage(), among: [['security'], ['risk', 'audit']] })).toBe(
      'group leads, each of whom belongs to group security too, each of whom belongs to group risk or audit too',
    );
  });

  const escalated = (people: Partial<NonNullable<Stage['escalation']>>) => ({
    ...stage({ escalation: { afterSeconds: seconds(5400), groups: [], users: [], ...people } }),
    among: [],
  });
  it.each([
    [
      'after how long whom else it is for',
      escalated({ groups: ['heads'], users: ['ann'] }),
      0,
      1,
      ['after 1h 30m group heads, user ann too'],
    ],
    ['in which of several', escalated({ groups: ['heads'] }), 1, 2, ['after 1h 30m in stage 2 group heads too']],
    ['that nobody else is named', escalated({}), 0, 1, ['after 1h 30m nobody too']],
    ['nothing where it is escalated to nobody', { ...stage(), among: [] }, 0, 2, []],
  ])('%s', (_what, given, number, stages, expected) => {
    expect(escalationText(given, number, stages)).toEqual(expected);
  });
});

it('a delegation that asks for no certain approvers says so by leaving them out', () => {
  const bounds = {
    name: 'payments',
    writers: ['payments-leads', 'ann'],
    organizationalUnits: ['Workloads/Payments', 'Sandbox'],
    permissionSets: { names: ['Admin'], tags: [] },
    maxDurationSeconds: seconds(3600),
    minApprovals: 2,
    approversFrom: [],
  };
  expect(delegationText({ name: 'payments', bounds })).toBe(
    'payments (written by payments-leads or ann): OU Workloads/Payments or Sandbox; Admin; at most 1h; at least 2 approval(s)',
  );
});
