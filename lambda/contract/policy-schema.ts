/** The policy file as JSON Schema, made from the schema that validates: what editors complete and check by. */
import * as z from 'zod';
import { policyFileSchema } from './policy-document.ts';

/** Cross-checks, such as that no name is used twice, are beyond JSON Schema: `brevet policy lint` has them. */
export const policyJsonSchema = (): Readonly<Record<string, unknown>> => ({
  ...z.toJSONSchema(policyFileSchema, { io: 'input' }),
  title: 'Brevet policy',
});
