/** docs/cli.md: its commands are run as they are written, and it names every command and no option that there is not. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { programWith } from '../../cli/program.ts';
import type { RequestDetail } from '../../lambda/contract/api.ts';
import { commandAtHome } from './support/command-and-service.ts';
import { activeRequest, CATALOG, ONE, page } from './support/documents.ts';
import { CREDENTIALS, PORTAL } from './support/home.ts';

const text = await readFile('docs/cli.md', 'utf8');
const blocks = (language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, block = '']) => block);

const { brevet, home, service } = commandAtHome();

const held = (changes: Partial<RequestDetail> = {}): RequestDetail =>
  activeRequest({ endsAt: '2097-01-01T00:00:00.000Z', ...changes });

const answers = {
  'GET /iam/v1/catalog': { body: { items: CATALOG } },
  'GET /iam/v1/requests': { body: page(held()) },
  'POST /iam/v1/requests': { status: 201, body: held() },
  [`GET ${ONE}`]: { body: held() },
  [`POST ${ONE}/end`]: { body: held({ status: 'ending', youMay: [] }) },
  [PORTAL]: { body: { roleCredentials: CREDENTIALS } },
};

/** As in a shell of somebody who has installed the command, with an `aws` that says whom it would be. */
const inShell = async (script: string) => {
  const bin = join(home.folder, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'brevet'), `#!/bin/sh\nexec '${process.execPath}' '${brevet.path}' "$@"\n`);
  await writeFile(join(bin, 'aws'), '#!/bin/sh\necho "aws $* as [$AWS_PROFILE] [$AWS_ACCESS_KEY_ID]"\n');
  for (const name of ['brevet', 'aws']) await chmod(join(bin, name), 0o755);
  const env = { ...home.env, PATH: `${bin}:${process.env.PATH ?? ''}`, TZ: 'UTC' };
  return await promisify(execFile)('bash', ['--norc', '--noprofile', '-ec', script], { env });
};

describe('the commands of docs/cli.md', () => {
  it.each([
    [/--wait/, 'active: usable until'],
    [/--write-profile/, 'aws sts get-caller-identity as [payments-prod/AdministratorAccess] []'],
    [/brevet run/, `aws sts get-caller-identity as [] [${CREDENTIALS.accessKeyId}]`],
    [/brevet completion/, ''],
  ])('run as they are written: %s', async (which, expected) => {
    service.answerWith(answers);
    const block = blocks('sh').find((one) => which.test(one)) ?? 'exit 99';
    expect((await inShell(block)).stdout).toContain(expected);
  });

  it('are all run here', () => {
    expect(blocks('sh').length).toBe(4);
  });

  it('credential_process too: its line gives the document of AWS', async () => {
    service.answerWith(answers);
    const [, line = 'exit 99'] = /^credential_process = (.*)$/m.exec(blocks('ini').join('\n')) ?? [];
    expect(JSON.parse((await inShell(line)).stdout)).toMatchObject({ Version: 1, AccessKeyId: 'ASIAGRANTED' });
  });

  it('shows the profile that is written, but for where the tests find AWS', async () => {
    service.answerWith(answers);
    await inShell(blocks('sh').find((one) => one.includes('--write-profile')) ?? 'exit 99');
    const written = (await home.config()).slice((await home.config()).indexOf('# >>>'));
    expect(blocks('ini')).toContain(written.replace(/^endpoint_url = .*\n/m, ''));
  });
});

describe('the table of commands', () => {
  const program = programWith(async () => undefined, {});
  const rows = [...text.matchAll(/^\| `((?:\\\||[^`|])+)` \|/gm)].map(([, row = '']) => row.replaceAll('\\|', '|'));
  const commandOf = (row: string) => {
    const [first = '', second = ''] = row.split(/[ |]/);
    const command = program.commands.find((one) => one.name() === first);
    return command?.commands.find((one) => one.name() === second) ?? command;
  };

  it('has every command that help shows', () => {
    const documented = new Set(rows.map((row) => row.split(/[ |]/)[0]));
    const shown = program.commands.map((command) => command.name()).filter((name) => !name.startsWith('_'));
    expect(shown.filter((name) => !documented.has(name))).toEqual([]);
  });

  it.each(rows.filter((row) => /--/.test(row) && commandOf(row)))('names only options that there are: %s', (row) => {
    const options = commandOf(row)?.options.map(({ long }) => long) ?? [];
    const named = [...row.matchAll(/--[a-z-]+/g)].map(([name]) => name);
    expect(named.filter((name) => !options.includes(name))).toEqual([]);
  });

  it('has its schemas linked, all that are published', async () => {
    const linked = [...text.matchAll(/\(cli-json\/([a-z-]+\.schema\.json)\)/g)].map(([, name]) => name);
    expect(linked.sort()).toEqual((await readdir('docs/cli-json')).sort());
  });
});
