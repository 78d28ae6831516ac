/** What a cancelled DynamoDB transaction means, judged by the codes alone. */
import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { CommitResult } from '../ports/ledger.ts';
import type { CommitWrite } from './dynamo-commit.ts';
import { asFault, exceptionName } from './service-call.ts';

/** `try-again`: somebody else was writing the same items at that moment, or the table was too busy. */
export type Cancellation = Exclude<CommitResult, 'committed'> | 'try-again';

const CONDITION_FAILED = 'ConditionalCheckFailed';
const PASSING: ReadonlySet<string> = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);
/** The same transaction, by its token, is still being worked on. */
const IN_PROGRESS = 'TransactionInProgressException';

/**
 * A failed condition decides, since it holds whatever the other writes met; a conflict beats the limit, because the
 * limit is then judged anew. @returns undefined for reasons that are neither.
 */
const judge = (writes: readonly CommitWrite[], reasons: readonly CancellationReason[]): Cancellation | undefined => {
  const unmet = writes.filter((_, index) => reasons[index]?.Code === CONDITION_FAILED).map((write) => write.unmet);
  if (unmet.length > 0) return unmet.includes('conflict') ? 'conflict' : 'too-many-open';
  const codes = reasons.map(({ Code }) => Code ?? 'None').filter((code) => code !== 'None');
  return codes.length > 0 && codes.every((code) => PASSING.has(code)) ? 'try-again' : undefined;
};

/** @throws ServiceFault for anything that says nothing about the commit. */
export const judgeFailure = (writes: readonly CommitWrite[], thrown: unknown): Cancellation => {
  if (exceptionName(thrown) === IN_PROGRESS) return 'try-again';
  const judged =
    thrown instanceof TransactionCanceledException ? judge(writes, thrown.CancellationReasons ?? []) : undefined;
  if (judged === undefined) throw asFault('database', thrown);
  return judged;
};
