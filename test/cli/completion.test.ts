/** Completion: what the hidden command answers, how bash takes it up, and that Tab is quick and quiet whatever happens. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { COMPLETION_SCRIPTS, SHELLS } from '../../cli/completion/scripts.ts';
import { analyse } from '../../cli/completion/wanted.ts';
import { programWith } from '../../cli/program.ts';
import { commandAtHome } from './support/command-and-service.ts';
import { activeRequest, CATALOG, catalogEntry, ID, OTHER_ID, page, pendingRequest } from './support/documents.ts';

const program = programWith(async () => undefined, {});
const at = (...words: string[]) => analyse(program, words);

describe('what is wanted at the end of a line', () => {
  const target = { kind: 'target' };
  const values = (...expected: string[]) => ({ kind: 'these', candidates: expected.map((value) => ({ value })) });
  const nothing = { kind: 'these', candidates: [] };

  it.each([
    ['a target to ask for', ['request', ''], target],
    ['a target behind options', ['request', '--for', '1h', '--wait', 'pay'], target],
    ['a target behind an option that may have a value', ['request', '--write-profile', 'pay'], target],
    ['a target to run something with', ['run', ''], target],
    ['nothing behind a target', ['request', 'a/b', ''], nothing],
    ['the value of an option', ['ls', '--view', 'to'], values('mine', 'to-review', 'active', 'break-glass', 'all')],
    ['the value of an option with =', ['ls', '--view=to'], values('mine', 'to-review', 'active', 'break-glass', 'all')],
    [
      'the value of an option with =, as bash splits it',
      ['ls', '--view', '=', 'to'],
      values('mine', 'to-review', 'active', 'break-glass', 'all'),
    ],
    [
      'the same, before anything is typed',
      ['ls', '--view', '='],
      values('mine', 'to-review', 'active', 'break-glass', 'all'),
    ],
    ["nothing for a text of one's own", ['request', '--reason', ''], nothing],
    ['a request to vote for', ['approve', ''], { kind: 'request', action: 'approve' }],
    ['a request to show', ['show', '01J'], { kind: 'request' }],
    ['a profile', ['whoami', '--profile', ''], { kind: 'profile' }],
    ['how many of the past', ['policy', 'check', 'a.yaml', '--past', ''], values('20', '50', '100')],
    ['a shell', ['completion', ''], values('bash', 'zsh', 'fish')],
    ['nothing of ours behind --', ['run', 'a/b', '--', 'ls', ''], nothing],
  ] as const)('%s', (_what, words, expected) => {
    expect(at(...words).wanted).toEqual(expected);
  });

  const offered = (...words: string[]): string[] => {
    const { wanted } = at(...words);
    return wanted.kind === 'these' ? wanted.candidates.map(({ value }) => value) : [];
  };

  it('every command that help shows, and no hidden one', () => {
    expect(offered('')).toEqual(
      expect.arrayContaining(['request', 'again', 'run', 'ls', 'completion', 'local', 'help']),
    );
    expect(offered('').filter((name) => name.startsWith('_'))).toEqual([]);
    expect(offered('local', '')).toEqual(['profile']);
  });

  it('every option of the command', () => {
    expect(offered('request', '--')).toEqual(
      expect.arrayContaining(['--for', '--reason', '--write-profile', '--json', '--help']),
    );
    expect(offered('run', '-')).not.toContain('--json');
  });

  it('with what is typed of it, without quotes, and the options that say whom to ask', () => {
    expect(at('request', '"Pay m')).toMatchObject({ typed: 'Pay m' });
    expect(at('request', 'Pay\\ m')).toMatchObject({ typed: 'Pay m' });
    expect(at('ls', '--profile', 'corp', '--view=t')).toMatchObject({
      typed: 't',
      before: '--view=',
      flags: { profile: 'corp' },
    });
  });
});

const { brevet, home, service } = commandAtHome();

const complete = async (words: readonly string[], env: Record<string, string> = {}) => {
  const ran = await brevet.run(['__complete', '--', ...words], { env: { ...home.env, ...env } });
  return { ...ran, lines: ran.stdout.split('\n').slice(0, -1) };
};

const catalogue = { 'GET /iam/v1/catalog': { body: { items: CATALOG } } };

describe('the hidden command', () => {
  it('answers with targets and what they need, and asks the service once in a few minutes', async () => {
    service.answerWith(catalogue);
    const first = await complete(['request', 'payments-p']);
    const second = await complete(['request', 'PAYMENTS-PROD/R']);
    expect(first.lines).toEqual([
      'payments-prod/AdministratorAccess\tat most 4h, 1 approval from payments-leads',
      'payments-prod/ReadOnlyAccess\tat most 12h, no approval needed',
      'payments-prod-eu/AdministratorAccess\tat most 4h, 1 approval from payments-leads',
    ]);
    expect(second.lines).toEqual(['payments-prod/ReadOnlyAccess\tat most 12h, no approval needed']);
    expect(service.received.length).toBe(1);
  });

  it('asks again for another person, and keeps what it learns to its owner', async () => {
    service.answerWith(catalogue);
    await complete(['request', '']);
    await complete(['request', ''], { AWS_PROFILE: 'old' });
    expect(service.received.length).toBe(2);
    const folder = join(home.folder, '.cache', 'brevet');
    expect((await readdir(folder)).length).toBe(2);
  });

  it('answers with the requests that one could vote for', async () => {
    const waiting = pendingRequest({ youMay: ['approve', 'reject'] });
    service.answerWith({ 'GET /iam/v1/requests': { body: page(waiting, activeRequest({ id: OTHER_ID })) } });
    const { lines } = await complete(['approve', '']);
    expect(lines).toEqual([`${ID}\tpending: payments-prod/AdministratorAccess, maria`]);
    expect(service.received[0]?.query).toEqual({ view: 'to-review' });
  });

  it('answers with the profiles of the config file', async () => {
    expect((await complete(['whoami', '--profile', ''])).lines).toEqual(['corp', 'old', 'keys', 'expired']);
  });

  it('makes control characters and line breaks in names harmless', async () => {
    const hostile = catalogEntry({ accountName: 'a\n\u001b[2Jb' });
    service.answerWith({ 'GET /iam/v1/catalog': { body: { items: [hostile] } } });
    expect((await complete(['request', ''])).lines).toEqual([
      'a \\u{1b}[2Jb/AdministratorAccess\tat most 4h, 1 approval from payments-leads',
    ]);
  });

  it.each([
    ['the service refuses', () => service.answerWith({}), {}],
    ['nothing answers', () => undefined, { BREVET_ENDPOINT: 'http://127.0.0.1:9' }],
    ['no endpoint is set', () => undefined, { AWS_PROFILE: 'nobody' }],
  ])('is silent when %s', async (_what, prepare, env: Record<string, string>) => {
    prepare();
    const { code, stdout, stderr } = await complete(['request', ''], env);
    expect([code, stdout, stderr]).toEqual([0, '', '']);
  });

  it('gives up on a service that is slow, and has the answer for the next time', async () => {
    let release = (): void => {};
    const asked = new Promise<void>((resolve) => {
      release = resolve;
    });
    let calls = 0;
    service.answerWith({
      'GET /iam/v1/catalog': async () => {
        calls += 1;
        // The first waits until a process that nobody waits for has asked as well.
        if (calls === 1) await asked;
        else release();
        return { body: { items: CATALOG } };
      },
    });
    expect((await complete(['request', 'store'])).lines).toEqual([]);
    await asked;
    const folder = join(home.folder, '.cache', 'brevet');
    const isKept = async () => (await readdir(folder)).some((name) => name.endsWith('.json'));
    for (let turn = 0; turn < 100 && !(await isKept()); turn += 1) await new Promise((done) => setTimeout(done, 100));
    expect((await complete(['request', 'store'])).lines).toEqual([
      'storefront-prod/PowerUserAccess\tat most 4h, 1 approval from payments-leads',
    ]);
    expect(calls).toBe(2);
  });
});

describe('the script for bash', () => {
  /** Has bash complete the words as it does on Tab, the last being the one under the cursor. */
  const tab = async (...words: string[]): Promise<string[]> => {
    const bin = join(home.folder, 'bin');
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, 'brevet'), `#!/bin/sh\nexec '${process.execPath}' '${brevet.path}' "$@"\n`);
    await chmod(join(bin, 'brevet'), 0o755);
    const script = `eval "$(brevet completion bash)"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _brevet; printf '%s\\n' "\${COMPREPLY[@]}"; complete -p brevet`;
    const env = { ...home.env, PATH: `${bin}:${process.env.PATH ?? ''}` };
    const { stdout } = await promisify(execFile)(
      'bash',
      ['--norc', '--noprofile', '-c', script, 'bash', 'brevet', ...words],
      { env },
    );
    const lines = stdout.split('\n').slice(0, -1);
    expect(lines.pop()).toBe('complete -F _brevet brevet');
    return lines.filter((line) => line !== '');
  };

  /** Tab waits for the service for a moment only, and has the words a moment later. */
  const soon = (...words: string[]): Promise<string[]> =>
    vi.waitFor(
      async () => {
        const found = await tab(...words);
        expect(found).not.toEqual([]);
        return found;
      },
      { timeout: 30_000, interval: 200 },
    );

  it('completes commands and targets', async () => {
    service.answerWith(catalogue);
    expect(await tab('ag')).toEqual(['again']);
    expect(await soon('request', 'payments-s')).toEqual(['payments-staging/AdministratorAccess']);
  });

  it('quotes names, so that nothing in them is split or run', async () => {
    const odd = catalogEntry({ accountName: 'Pay $(touch /tmp/owned) `x`' });
    service.answerWith({ 'GET /iam/v1/catalog': { body: { items: [odd] } } });
    const [word = ''] = await soon('request', 'Pay');
    const { stdout } = await promisify(execFile)('bash', ['-c', `printf %s ${word}`]);
    expect(stdout).toBe('Pay $(touch /tmp/owned) `x`/AdministratorAccess');
    expect(await tab('request', '"Pay')).toEqual(['Pay $(touch /tmp/owned) `x`/AdministratorAccess']);
  });

  it("completes somebody else's command behind --", async () => {
    service.answerWith(catalogue);
    expect(await tab('run', 'payments-prod/ReadOnlyAccess', '--', 'prin')).toContain('printf');
  });
});

describe('the scripts', () => {
  it.each(SHELLS)('for %s is what the command prints, and asks the hidden command for the words', async (shell) => {
    const { code, stdout } = await brevet.run(['completion', shell]);
    expect([code, stdout]).toEqual([0, COMPLETION_SCRIPTS[shell]]);
    expect(stdout).toMatch(/ __complete -- .*2>\/dev\/null/);
  });

  it('for zsh and fish take each line apart at the tab that the hidden command puts there', async () => {
    service.answerWith(catalogue);
    const { lines } = await complete(['request', 'payments-s']);
    expect(lines.map((line) => line.split('\t').length)).toEqual([2]);
    expect(COMPLETION_SCRIPTS.zsh).toContain("line%%$'\\t'*}");
    // fish shows what stands behind a tab by itself.
    expect(COMPLETION_SCRIPTS.fish).toContain("-a '(__brevet_words)'");
  });

  it('are none for another shell', async () => {
    const { code, stderr } = await brevet.run(['completion', 'tcsh']);
    expect(code).toBe(2);
    expect(stderr).toContain('bash, zsh, fish');
  });
});
