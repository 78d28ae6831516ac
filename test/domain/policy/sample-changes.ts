/** A few places, and what one person gains and loses there between two versions, for tests of comparing them. */
import { comparisonOf, type Places } from '../../../lambda/domain/policy/comparison.ts';
import { changesFor } from '../../../lambda/domain/policy/diff.ts';
import type { Policy } from '../../../lambda/domain/policy/policy.ts';
import type { Change } from '../../../lambda/domain/policy/target-terms.ts';
import { ADMIN, ANN, account, PROD, permissionSet, type RuleChange } from './sample-policy.ts';

const DEV = account('payments-dev', 'Workloads/Payments/Dev', { id: '400000000002' });
const DATA = account('data', 'Workloads/Data', { id: '400000000003', tags: { team: 'data' } });
export const PLACES: Places = { accounts: [PROD, DEV, DATA], permissionSets: [ADMIN, permissionSet('ReadOnlyAccess')] };

export const changes = (
  before: Policy,
  after: Policy,
  { was = ANN, is = ANN, isOver = (): boolean => false } = {},
): readonly Change[] => [...changesFor(comparisonOf(before, after, PLACES), { was, is }, isOver)];
export const told = (...given: Parameters<typeof changes>): readonly string[] =>
  changes(...given).map(({ kind, before, after }) => `${kind} ${(after ?? before)?.account}`);

export const IN_PROD: RuleChange = { units: ['Workloads/Payments/Prod'] };
