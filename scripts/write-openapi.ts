/** Writes the API's OpenAPI document into the documentation: `node scripts/write-openapi.ts`; a test fails when it is stale. */
import { writeFile } from 'node:fs/promises';
import { openApiDocument } from '../lambda/contract/openapi.ts';

const PLACE = new URL('../docs/openapi.json', import.meta.url);

await writeFile(PLACE, `${JSON.stringify(openApiDocument(), null, 2)}\n`);
