/** The policy file as JSON Schema, made from the schema that validates: what editors complete and check by. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { policyFileSchema } from './policy-document.ts';

/** Cross-checks, such as that no name is used twice, are beyond JSON Schema: `brevet policy lint` has them. */
export const policyJsonSchema = (): Readonly<Record<string, unknown>> => ({
  ...z.toJSONSchema(policyFileSchema, { io: 'input' }),
  title: 'Brevet policy',
});

/** What the schema says to people leaves the language as it is. A property of such a name is no text. */
const unsaid = (name: string, value: unknown): unknown =>
  (name === 'description' || name === 'title') && typeof value === 'string' ? undefined : value;

/** What this version takes and an earlier one refuses, though the schema of both is the same. */
const BEYOND_SCHEMA = ['attributes of approvers stand alone'];

/** Names the language in which this version reads policies: whoever reads another may not understand what this one takes. */
export const policyLanguage = (): string =>
  createHash('sha256')
    .update(JSON.stringify([policyJsonSchema(), ...BEYOND_SCHEMA], unsaid))
    .digest('hex');
