/** The audit trail on the wire: the events of all requests in time order, each a link in the hash chain of its request. */
import * as z from 'zod';
import { cursor } from './api.ts';
import { moment } from './view-parts.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const zoned = z.iso.datetime({ offset: true, error: 'a moment with its zone, such as 2026-11-23T03:00:00Z' });

/** Without `from` and `to`, the last 24 hours. */
export const auditParameters = z.strictObject({
  from: zoned.optional().describe('First moment of the window; a day before its end when left out.'),
  to: zoned.optional().describe('End of the window, itself left out; now when left out.'),
  cursor: cursor.optional().describe('The cursor of the page before; give it with the `from` and `to` of that page.'),
});

/** Loose, since the hash covers every field: one that this version does not know must not get lost on the way. */
export const auditEvent = z.looseObject({
  requestId: z.string(),
  sequence: z.int().positive().describe('Place in the chain of the request, from 1.'),
  kind: z.string(),
  at: moment,
  actor: z
    .looseObject({ kind: z.string(), id: z.string().optional(), userName: z.string().optional() })
    .describe('Who did it: a `person`, the `clock`, or `brevet` itself.'),
  from: z.string().optional().describe('Status of the request before; absent for the first event.'),
  to: z.string().describe('Status of the request after.'),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
  textHashes: z
    .record(z.string(), sha256)
    .describe("SHA-256 of the request's salt and a text that somebody wrote, by name of the text."),
  previousHash: z.union([z.literal(''), sha256]).describe('Hash of the event before; empty for the first.'),
  hash: sha256.describe('SHA-256 of this event as canonical JSON without this field.'),
});
export type AuditEventView = z.infer<typeof auditEvent>;

export const auditPage = z.object({
  from: moment.describe('The window that was listed.'),
  to: moment,
  items: z.array(auditEvent),
  cursor: z.string().optional(),
});
export type AuditPage = z.infer<typeof auditPage>;
