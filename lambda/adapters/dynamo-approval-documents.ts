/** Stages of approval and votes in a document, as they are and as they were before there were stages. */
import * as z from 'zod';
import { PERSON_ATTRIBUTES } from '../domain/policy/facts.ts';
import { count, group, moment, person, seconds, text } from './dynamo-document-parts.ts';

const tests = z.array(z.strictObject({ attribute: z.enum(PERSON_ATTRIBUTES), values: z.array(text) }));
const among = z.array(z.array(group));
/** Those who were asked by attributes alone. */
export const everybody = z.strictObject({ everybodyWith: tests, among: among.optional() });

const stage = z.strictObject({
  required: count,
  groups: z.array(group),
  users: z.array(person).optional(),
  attributes: tests.optional(),
  everybodyWith: tests.optional(),
  among: among.optional(),
  reminder: z.strictObject({ afterSeconds: seconds, remindedAt: moment.optional() }).optional(),
  escalation: z
    .strictObject({
      afterSeconds: seconds,
      groups: z.array(group),
      users: z.array(person).optional(),
      escalatedAt: moment.optional(),
    })
    .optional(),
});
/** Before there were stages, one was stored as it is, and none as one that takes nobody. */
export const approval = z.preprocess(
  (held) => (typeof held !== 'object' || held === null || Array.isArray(held) ? held : [held]),
  z.array(stage).transform((stages) => stages.filter(({ required }) => required > 0)),
);
export const vote = z.strictObject({
  /** Votes from before there were stages are of the first. */
  stage: count.default(0),
  approver: person,
  choice: z.enum(['approve', 'reject']),
  at: moment,
  comment: text.optional(),
  durationSeconds: seconds.optional(),
});
