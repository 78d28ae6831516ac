/** The README's tour, run as it is written: every command of it, in its order. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createService, eventually, type Service } from './service.ts';

let service: Service;
beforeAll(async () => {
  service = await createService({ BREVET_SETTINGS: 'local/settings.yaml' });
});
afterAll(() => service?.dispose());

/** Lines of the fenced shell blocks under a heading. */
const commandsUnder = (readme: string, heading: string): string[] => {
  const section = readme.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const blocks = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
  return blocks.flatMap((block) => block.split('\n')).filter((line) => line.trim() !== '');
};

/** Splits a line as the shell does, as far as the tour needs: words and double quotes. */
const words = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');

test('each command does what the tour says', async () => {
  const commands = commandsUnder(await readFile('README.md', 'utf8'), 'A tour in two minutes');
  expect(commands[0]).toBe('eval "$(npx brevet local profile)"');
  let id = '';
  const seen: string[] = [];
  for (const command of commands.slice(1)) {
    const [, person = '', line = ''] = /^AWS_PROFILE=(\w+) npx brevet (.*)$/.exec(command) ?? [];
    expect(person, `a command the tour test understands: ${command}`).not.toBe('');
    const ran = await service.brevet(person, ...words(line).map((word) => (word === 'ID' ? id.slice(-8) : word)));
    const verb = words(line)[0] ?? '';
    expect(ran.code, `${command}\n${ran.stdout}\n${ran.stderr}`).toBe(verb === 'request' ? 10 : 0);
    id = /\b[0-9A-HJKMNP-TV-Z]{26}\b/.exec(ran.stdout)?.[0] ?? id;
    seen.push(verb);
    if (verb !== 'approve') continue;
    await eventually(async () => (await service.brevet('maria', 'show', id)).stdout.includes('active'), 30_000);
  }
  expect(seen).toEqual(['request', 'ls', 'approve', 'ls', 'show', 'catalog', 'whoami']);
});
