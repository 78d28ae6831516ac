/** The command runs on Node 20, as docs/cli.md says: esbuild lowers what is written, and nothing that is called. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildCli } from '../../scripts/build-cli.ts';

/** What later versions brought, and Node 20 has not. */
const LATER =
  /\b(?:(?:Map|Object)\.groupBy|Promise\.(?:withResolvers|try)|Array\.fromAsync|Iterator\.from|RegExp\.escape)\b/g;

it('calls nothing that Node 20 has not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'brevet-node-20-'));
  try {
    const command = await buildCli(folder);
    const parts = (await readdir(join(folder, 'brevet'))).map((name) => join(folder, 'brevet', name));
    const texts = await Promise.all([command, ...parts].map((path) => readFile(path, 'utf8')));
    expect(texts.length).toBeGreaterThan(10);
    expect(texts.flatMap((text) => text.match(LATER) ?? [])).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 60_000);
