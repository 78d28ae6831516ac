/** Writes the JSON Schema of policy files, for editors, into the documentation; a test fails when it is stale. */
import { writeFile } from 'node:fs/promises';
import { policyJsonSchema } from '../lambda/contract/policy-schema.ts';

const PLACE = new URL('../docs/policy.schema.json', import.meta.url);

await writeFile(PLACE, `${JSON.stringify(policyJsonSchema(), null, 2)}\n`);
