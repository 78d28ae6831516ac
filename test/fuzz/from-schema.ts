/** Values that fit a schema of the OpenAPI document: plausible ones where the name of a field says what would be. */
import fc from 'fast-check';
import { resolved, type Schema } from '../handlers/documented.ts';
import { PLAUSIBLE } from './plausible.ts';

/** Enough for what matters; the limits themselves are tried too. */
const USUAL_LENGTH = 40;

const textOf = ({ maxLength, pattern, format }: Schema): fc.Arbitrary<string> => {
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern));
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  const longest = typeof maxLength === 'number' ? maxLength : USUAL_LENGTH;
  return fc.oneof(
    { weight: 8, arbitrary: fc.string({ unit: 'binary', maxLength: Math.min(longest, USUAL_LENGTH) }) },
    { weight: 1, arbitrary: fc.constantFrom('x'.repeat(longest), 'ü'.repeat(longest), '\u0000'.repeat(longest)) },
  );
};

/** A few: how many there may be at most is tried elsewhere. */
const MOST_ITEMS = 3;

const objectOf = (schema: Schema): fc.Arbitrary<unknown> => {
  if (!schema.properties) return fc.dictionary(fc.string({ maxLength: 20 }), fc.jsonValue());
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
  const fields = Object.fromEntries(properties.map(([name, field]) => [name, fitting(field, name)]));
  return fc.record(fields, { requiredKeys: (schema.required ?? []) as string[] });
};

const bySchema = (schema: Schema): fc.Arbitrary<unknown> => {
  if ('const' in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom<unknown>(...schema.enum);
  if (schema.type === 'string') return textOf(schema);
  if (schema.type === 'object') return objectOf(schema);
  if (schema.type === 'integer') return fc.integer();
  if (schema.type === 'array') return fc.array(fitting(schema.items as Schema), { maxLength: MOST_ITEMS });
  if (schema.type === 'boolean') return fc.boolean();
  if (Array.isArray(schema.anyOf)) return fc.oneof(...(schema.anyOf as Schema[]).map((one) => fitting(one)));
  throw new Error(`no values for the schema ${JSON.stringify(schema)}: teach this file`);
};

/** @param name of the field or parameter */
export const fitting = (schema: Schema, name = ''): fc.Arbitrary<unknown> => {
  const plausible = PLAUSIBLE[name];
  const any = bySchema(resolved(schema));
  return plausible ? fc.oneof({ weight: 20, arbitrary: plausible }, { weight: 1, arbitrary: any }) : any;
};
