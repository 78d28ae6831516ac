/** The documents in the request table, checked whenever they are read: what does not fit is a fault, never a default. */
import * as z from 'zod';
import { STATUSES } from '../contract/statuses.ts';
import { type AccessRequest, REVIEW_OUTCOMES } from '../domain/access-request.ts';
import { type AuditEvent, DRIFT_TRAIL, type DriftEvent } from '../domain/audit-event.ts';
import type { BrokenGlass } from '../domain/break-glass.ts';
import type { Sighting } from '../domain/drift.ts';
import type { DriftState } from '../domain/drift-state.ts';
import type { Lease } from '../domain/lease.ts';
import { ServiceFault } from '../ports/faults.ts';
import { approval, everybody, vote } from './dynamo-approval-documents.ts';
import { count, group, moment, person, seconds, text } from './dynamo-document-parts.ts';

// Strict objects: a field that this code does not know was written by a newer one, and would be lost by writing back.

/** The type with nothing optional in it, all the way down. */
type Complete<Type> = Type extends string | number | boolean
  ? Type
  : { readonly [Key in keyof Type]-?: Complete<Type[Key]> };

/** A schema of the domain's type that leaves out none of its fields, optional ones neither: a new one fails the build. */
export const exactly =
  <Domain>() =>
  <Schema extends z.ZodType<Domain>>(
    schema: Complete<z.output<Schema>> extends Complete<Domain> ? Schema : never,
  ): z.ZodType<Domain> =>
    schema;

const target = z.strictObject({
  kind: z.literal('account'),
  accountId: text,
  accountName: text,
  permissionSetArn: text,
  permissionSetName: text,
  sessionSeconds: z.number(),
});
const entitled = z.strictObject({ name: text, policyVersion: text, maxDurationSeconds: seconds });
const actor = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('person'), id: text, userName: text }),
  z.strictObject({ kind: z.literal('clock') }),
  z.strictObject({ kind: z.literal('brevet') }),
]);
const cause = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('window-closed') }),
  z.strictObject({ kind: z.literal('ended-early'), by: actor }),
  z.strictObject({ kind: z.literal('grant-failed'), reason: text }),
]);
const extension = z.strictObject({
  durationSeconds: seconds,
  askedAt: moment,
  approval,
  votes: z.array(vote),
  entitled,
});

const trail = z.strictObject({ count, hash: text });

const audience = z.strictObject({ groups: z.array(group), people: z.array(person) });
const done = { by: person, at: moment };
const breakGlass = z.strictObject({
  incident: text,
  told: audience,
  reviewers: audience,
  reviewBy: moment,
  acknowledged: z.strictObject(done).optional(),
  review: z.strictObject({ ...done, outcome: z.enum(REVIEW_OUTCOMES), comment: text.optional() }).optional(),
});

const base = z.strictObject({
  id: text,
  requester: person,
  target,
  durationSeconds: seconds,
  start: moment.optional(),
  justification: text,
  ticket: text.optional(),
  breakGlass: breakGlass.optional(),
  salt: text,
  entitled,
  approval,
  votes: z.array(vote),
  extensionApprovers: z
    .strictObject({
      groups: z.array(group),
      userIds: z.array(text).optional(),
      everybody: z.array(everybody).optional(),
      voterIds: z.array(text),
    })
    .optional(),
  askedAt: moment,
  externallyModified: z.strictObject({ change: z.enum(['removed', 'assigned']), at: moment }).optional(),
  mayHaveStood: z.literal(true).optional(),
  trail,
  version: count,
});
const vanished = z.enum(['target', 'account', 'user', 'closed']).optional();
const lived = { cause, standing: z.boolean(), activeSince: moment.optional() };

export const requestDocument = exactly<AccessRequest>()(
  z.discriminatedUnion('status', [
    base.extend({ status: z.literal('pending'), expiresAt: moment }),
    base.extend({ status: z.literal('scheduled'), startsAt: moment }),
    base.extend({ status: z.literal('granting'), begunAt: moment, grantBy: moment, latestEnd: moment }),
    base.extend({
      status: z.literal('active'),
      activeSince: moment,
      endsAt: moment,
      standing: z.boolean(),
      extension: extension.optional(),
    }),
    base.extend({ status: z.literal('ending'), endsAt: moment, ...lived }),
    base.extend({ status: z.literal('ended'), endedAt: moment, ...lived, vanished }),
    base.extend({ status: z.literal('rejected'), rejectedAt: moment }),
    base.extend({ status: z.literal('cancelled'), cancelledAt: moment }),
    base.extend({ status: z.literal('expired'), expiredAt: moment }),
    base.extend({ status: z.literal('failed'), failedAt: moment, reason: text }),
  ]),
);

const status = z.enum(STATUSES);

const link = z.strictObject({
  requestId: text,
  sequence: z.int().positive(),
  at: text,
  actor,
  data: z.record(text, z.union([text, z.number(), z.boolean(), z.array(text)])),
  textHashes: z.record(text, text),
  previousHash: text,
  hash: text,
});

export const eventDocument = exactly<AuditEvent>()(
  link.extend({
    kind: z.enum([
      'asked',
      'voted',
      'reminded',
      'escalated',
      'cancelled',
      'expired',
      'grant-begun',
      'became-usable',
      'grant-failed',
      'end-begun',
      'gone',
      'extension-asked',
      'extended',
      'extension-voted',
      'changed-outside',
      'glass-broken',
      'acknowledged',
      'reviewed',
    ]),
    from: status.optional(),
    to: status,
  }),
);

const driftStanding = z.enum(['baseline', 'removing']);

export const driftEventDocument = exactly<DriftEvent>()(
  link.extend({
    requestId: z.literal(DRIFT_TRAIL),
    kind: z.enum(['baseline-taken', 'removal-begun']),
    from: driftStanding.optional(),
    to: driftStanding,
  }),
);

const unsettled = { unsettledUntil: moment.optional() };
const hold = z.strictObject({
  requestId: text,
  endsAt: moment,
  unconfirmedSince: moment.optional(),
  ending: z.literal(true).optional(),
  breakGlass: z.literal(true).optional(),
  lost: z.literal(true).optional(),
});
const operation = z.strictObject({
  id: text.optional(),
  accepted: z.literal(true).optional(),
  claim: text,
  since: moment,
  attempts: count,
  refusal: z.strictObject({ times: count, retryAt: moment }).optional(),
});

export const leaseDocument = exactly<Lease>()(
  z.strictObject({
    id: text,
    principalId: text,
    target,
    holds: z.array(hold),
    state: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('vacant'), vanished }),
      z.strictObject({ kind: z.literal('standing') }),
      z.strictObject({ kind: z.literal('held'), creationId: text.optional(), ...unsettled }),
      z.strictObject({ kind: z.literal('creating'), operation, ...unsettled }),
      z.strictObject({ kind: z.literal('deleting'), operation, closed: z.literal(true).optional(), ...unsettled }),
    ]),
    unheldSince: moment.optional(),
    version: count,
  }),
);

/**
 * A round or a proof as older code stored it names the accounts that it left out, not those that it looked at. That is not
 * read: such a proof proves nothing, so that nothing is removed by it, and the next full round gives another one.
 */
const withoutLeftOut = (stored: unknown): unknown => {
  if (typeof stored !== 'object' || stored === null) return stored;
  const { withoutAccounts: _leftOut, ...rest } = stored as Readonly<Record<string, unknown>>;
  return rest;
};

const round = z.strictObject({
  startedAt: moment,
  after: text.optional(),
  within: z.strictObject({ accountId: text, permissionSetArn: text }).optional(),
  done: count,
  accounts: count,
  places: count,
  skipped: count,
  busyUntil: moment.optional(),
  behind: moment.optional(),
  permissionSetArns: z.array(text),
});
const proof = z.strictObject({ at: moment, round: moment.optional(), permissionSetArns: z.array(text) });

export const driftStateDocument = exactly<DriftState>()(
  z.strictObject({
    searchedSince: moment.optional(),
    round: z.preprocess(withoutLeftOut, round).optional(),
    lastStartedAt: moment.optional(),
    lastRound: z
      .strictObject({
        startedAt: moment,
        finishedAt: moment,
        accounts: count,
        places: count,
        instanceArn: text,
        tableId: text,
      })
      .optional(),
    isRoundWanted: z.boolean(),
    baseline: z
      .strictObject({
        takenAt: moment,
        by: z.strictObject({ id: text, userName: text }),
        instanceArn: text,
        tableId: text,
        accepted: count,
        proof: z.preprocess(withoutLeftOut, proof).optional(),
      })
      .optional(),
    removedAt: z.array(moment),
    trail,
    version: count,
  }),
);

export const sightingDocument = exactly<Sighting>()(
  z.strictObject({
    kind: z.enum(['unexplained', 'missing']),
    accountId: text,
    accountName: text,
    permissionSetArn: text,
    permissionSetName: text,
    principalType: z.enum(['USER', 'GROUP']),
    principalId: text,
    since: moment,
    madeAt: moment.optional(),
    goneAt: moment.optional(),
    removingSince: moment.optional(),
  }),
);

export const brokenGlassDocument = exactly<BrokenGlass>()(
  z.strictObject({
    requestId: text,
    personId: text,
    brokenAt: moment,
    reviewBy: moment,
    isReviewed: z.boolean(),
    alarmAt: moment.optional(),
  }),
);

export const idempotencyDocument = z.strictObject({ bodyHash: text, requestId: text, forgetAt: moment });
export const waitingDocument = z.strictObject({ step: z.enum(['await-decision', 'grant', 'end']), taskToken: text });

export const placeDocument = z.strictObject({ cursor: text });

/** @throws ServiceFault when the document is not of the shape. */
export const readDocument = <Shape>(shape: z.ZodType<Shape>, document: unknown): Shape => {
  const result = shape.safeParse(document);
  if (result.success) return result.data;
  throw new ServiceFault('database', 'UnknownShape', result.error);
};
