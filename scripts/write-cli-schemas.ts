/** Writes the schemas of `--json` into the documentation: `node scripts/write-cli-schemas.ts`; a test fails when they are stale. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { jsonSchemas } from '../cli/json-documents.ts';

const FOLDER = new URL('../docs/cli-json/', import.meta.url);

await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
for (const [name, schema] of jsonSchemas()) {
  await writeFile(new URL(name, FOLDER), `${JSON.stringify(schema, null, 2)}\n`);
}
