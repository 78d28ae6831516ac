/** The language of policies: how a version is told from another that takes less. */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { policyJsonSchema, policyLanguage } from '../../lambda/contract/policy-schema.ts';

it('the language is not that of a version which refuses attributes of approvers alone, though the schema is the same', () => {
  const withoutWords = (name: string, value: unknown) =>
    (name === 'description' || name === 'title') && typeof value === 'string' ? undefined : value;
  const then = createHash('sha256').update(JSON.stringify(policyJsonSchema(), withoutWords)).digest('hex');
  expect(policyLanguage()).toMatch(/^[0-9a-f]{64}$/);
  expect(policyLanguage()).not.toBe(then);
});
