/** Keys and indexes of the two tables: a contract between the stack that makes them and the adapters that use them. */

/** Primary key attributes of both tables. */
export const TABLE_KEY = { partition: 'pk', sort: 'sk' } as const;

/** Attribute by which DynamoDB forgets what nobody needs any more, such as idempotency keys, epoch seconds. Never used to end access. */
export const FORGET_AT = 'forgetAt';

/** Secondary indexes of the request table. Every sort key is a string; all project everything. */
export const TABLE_INDEXES = {
  /** What one person asked for, newest first. */
  byRequester: { name: 'by-requester', partition: 'requesterId', sort: 'askedAtId' },
  /** Every request, newest first. */
  byAge: { name: 'by-age', partition: 'listed', sort: 'askedAtId' },
  /** Sparse: requests that are not over; in a partition of their own, the workflows that wait. */
  open: { name: 'open', partition: 'open', sort: 'askedAtId' },
  /** Sparse and sharded: requests and leases by the moment at which the sweep must look at them. */
  due: { name: 'due', partition: 'dueShard', sort: 'dueAtId' },
  /** Sparse: leases with something to do now, the most urgent first. */
  work: { name: 'work', partition: 'work', sort: 'workKey' },
  /** Every audit event in the order of time, a partition for each day (UTC). */
  events: { name: 'events', partition: 'eventDay', sort: 'eventAtId' },
} as const;

/** Beginning of the partitions of requests, each with its events. */
export const REQUEST_PARTITIONS = 'REQUEST#';

/** The one partition of the catalogue and of the census: of all the table, their functions have access to this alone. */
export const CATALOGUE_PARTITION = 'CATALOGUE';

/**
 * Beginning of the partitions of what people are still to be told, one for each request; the function that tells them changes
 * nothing else.
 */
export const TELLING_PARTITIONS = 'TELL#';
/** The one partition of all that, in the index of what is open. */
export const TELLING = 'telling';

/** Number of partitions over which the due index is spread. */
export const DUE_SHARDS = 4;
