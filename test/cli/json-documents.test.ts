/** The published schemas of `--json`: as the code has them, and of the form that they promise. */
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { jsonSchemas } from '../../cli/json-documents.ts';
import { activeRequest, catalogEntry, EXPLANATION, ME, page, pendingRequest, problem } from './support/documents.ts';

const FOLDER = 'docs/cli-json';
const published = async (name: string): Promise<unknown> => JSON.parse(await readFile(`${FOLDER}/${name}`, 'utf8'));

describe('the schemas in docs/cli-json', () => {
  it('are those of the code, each in its file (npm run cli-schemas writes them)', async () => {
    expect((await readdir(FOLDER)).sort()).toEqual([...jsonSchemas().keys()].sort());
    for (const [name, schema] of jsonSchemas())
      expect(await published(name)).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  it.each([
    ['asked', { ...activeRequest(), awsProfile: { name: 'n', configFile: '/c', isComplete: true } }],
    ['asked', pendingRequest()],
    ['request', activeRequest()],
    ['requests', page(activeRequest(), pendingRequest())],
    ['catalog', { items: [catalogEntry()] }],
    ['explain', EXPLANATION],
    ['whoami', { ...ME, door: 'sigv4' }],
    [
      'doctor',
      {
        isWell: true,
        findings: [{ check: 'clock', verdict: 'good', text: 'Right.' }],
        longSessions: [{ permissionSet: 'Operator', sessionDuration: 'PT12H' }],
      },
    ],
    ['problem', problem('too_many_open', 'Ten are open.', { maximum: 10 })],
  ])('%s takes what the command prints, and what later versions add', async (name, document) => {
    const schema = z.fromJSONSchema((await published(`${name}.schema.json`)) as Parameters<typeof z.fromJSONSchema>[0]);
    expect(schema.safeParse(document).error).toBeUndefined();
    expect(schema.safeParse({ ...document, later: 1 }).error).toBeUndefined();
    expect(schema.safeParse({}).success).toBe(false);
  });
});
