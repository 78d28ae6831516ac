/** The built command's surface: JSON, pipes, widths, colours, hostile text, help and the ways to be told wrong. */
import { describe, expect, it } from 'vitest';
import { signedInCommand } from './support/command-and-service.ts';
import {
  activeRequest,
  CATALOG,
  catalogEntry,
  EXPLANATION,
  ID,
  ME,
  ONE,
  page,
  pendingRequest,
  problem,
} from './support/documents.ts';

const { brevet, run, service } = signedInCommand();

const everything = {
  'GET /iam/v1/me': { body: ME },
  'GET /iam/v1/catalog': { body: { items: CATALOG } },
  'POST /iam/v1/explain': { body: EXPLANATION },
  'GET /iam/v1/requests': { body: page(activeRequest()) },
  'POST /iam/v1/requests': { status: 201, body: pendingRequest() },
  [`GET ${ONE}`]: { body: activeRequest() },
  ...Object.fromEntries(
    ['approve', 'reject', 'acknowledge', 'review', 'cancel', 'end', 'extend'].map((action) => [
      `POST ${ONE}/${action}`,
      { body: activeRequest() },
    ]),
  ),
};

const COMMANDS: readonly (readonly [string[], unknown])[] = [
  [['whoami'], ME],
  [['catalog'], { items: CATALOG }],
  [['explain', 'payments-prod/AdministratorAccess'], EXPLANATION],
  [['ls'], page(activeRequest())],
  [['show', ID], activeRequest()],
  [['request', 'payments-prod/AdministratorAccess', '--for', '1h', '--reason', 'r'], pendingRequest()],
  [['approve', ID], activeRequest()],
  [['reject', ID], activeRequest()],
  [['acknowledge', ID], activeRequest()],
  [['review', ID, '--justified'], activeRequest()],
  [['cancel', ID], activeRequest()],
  [['end', ID], activeRequest()],
  [['extend', ID, '--for', '1h'], activeRequest()],
];

describe('--json', () => {
  it.each(COMMANDS)("%j prints the API's document, one, and nothing else on stdout", async (args, expected) => {
    service.answerWith(everything);
    const { stdout, stderr } = await run([...args, '--json']);
    expect(stderr).toBe('');
    // Lists carry the request without what only its detail has.
    expect(JSON.parse(stdout)).toMatchObject(
      args[0] === 'ls' ? { items: [{ id: ID, status: 'active' }] } : (expected as object),
    );
  });

  it('prints the problem document on stdout and the same for people on stderr', async () => {
    const refusal = problem('not_an_approver', 'You are in none of the groups.', { groups: ['payments-leads'] });
    service.answerWith({ [`POST ${ONE}/approve`]: { status: 403, body: refusal } });
    const { code, stdout, stderr } = await run(['approve', ID, '--json']);
    expect(code).toBe(13);
    expect(JSON.parse(stdout)).toEqual(refusal);
    expect(stderr).toContain('You are in none of the groups.');
  });

  it.each([
    ['a wrong command line', ['request', '--json'], 'usage'],
    ['an unknown command', ['frobnicate', '--json'], 'usage'],
    ['a duration that is none', ['extend', ID, '--for', 'long', '--json'], 'duration_invalid'],
  ])('prints a problem document for %s too', async (_what, args, code) => {
    const ran = await run(args);
    expect(ran.code).toBe(2);
    expect(JSON.parse(ran.stdout)).toMatchObject({ code, status: expect.any(Number), detail: expect.any(String) });
  });
});

describe('piped output', () => {
  it('has neither control characters nor colours, and is cut nowhere', async () => {
    const long = 'a'.repeat(300);
    service.answerWith({ [`GET ${ONE}`]: { body: activeRequest({ justification: long }) } });
    const { stdout } = await run(['show', ID], { env: { TERM: 'xterm-256color', COLORTERM: 'truecolor' } });
    expect(stdout).toContain(long);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('has colours where they are forced, but never in JSON', async () => {
    service.answerWith({ [`GET ${ONE}`]: { body: activeRequest() } });
    const env = { FORCE_COLOR: '1', TERM: 'dumb' };
    const [text, json] = [await run(['show', ID], { env }), await run(['show', ID, '--json'], { env })];
    expect(text.stdout.startsWith('\u001b[32mactive: ')).toBe(true);
    expect(JSON.parse(json.stdout).status).toBe('active');
  });

  it('ends quietly when nobody reads on', async () => {
    service.answerWith({ 'GET /iam/v1/catalog': { body: { items: Array(20_000).fill(catalogEntry()) } } });
    const { stderr } = await run(['catalog'], { stopReading: true });
    expect(stderr).toBe('');
  });
});

describe('a screen of 40 columns', () => {
  it.each(COMMANDS.map(([args]) => [args]))('%j fits', async (args) => {
    service.answerWith(everything);
    const { stdout, stderr } = await run(args, { env: { COLUMNS: '40' } });
    for (const line of `${stdout}${stderr}`.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
  });
});

describe('hostile text', () => {
  const hostile = pendingRequest({
    justification: 'see\u001b]0;owned\u0007\u001b[2J\r\u202eforged\nstatus  active',
    requester: { id: 'u', userName: 'mallory\u009b31m', displayName: 'M\u0008' },
  });

  it.each([['show', ID], ['ls'], ['show', ID, '--json'], ['ls', '--json']])(
    'from others drives no terminal in %s %s',
    async (...args) => {
      service.answerWith({ [`GET ${ONE}`]: { body: hostile }, 'GET /iam/v1/requests': { body: page(hostile) } });
      const { code, stdout } = await run([...args, ...(args[0] === 'ls' ? ['--view', 'to-review'] : [])]);
      expect(code).toBe(0);
      expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    },
  );

  it('cannot pass for a field of its own', async () => {
    service.answerWith({ [`GET ${ONE}`]: { body: hostile } });
    const { stdout } = await run(['show', ID]);
    expect(stdout).not.toMatch(/^ {2}status/m);
    expect(stdout).toMatch(/^ {10,}status {2}active$/m);
  });

  it('in a problem drives no terminal either', async () => {
    const refusal = problem('not_eligible', 'No rule lets \u001b[31mmallory\u001b[0m ask.');
    service.answerWith({ [`GET ${ONE}`]: { status: 403, body: refusal } });
    const { stderr } = await run(['show', ID]);
    expect(stderr).toContain('\\u{1b}[31mmallory');
  });
});

describe('help', () => {
  it('names every command and the exit codes', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    for (const name of [
      'request',
      'again',
      'run',
      'credential-process',
      'completion',
      'catalog',
      'ls',
      'show',
      'whoami',
      'doctor',
      'approve',
      'reject',
      'cancel',
      'end',
      'extend',
      'local',
    ])
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    expect(stdout).toContain('10 pending');
  });

  it.each([
    [[]],
    ...[
      'request',
      'again',
      'run',
      'credential-process',
      'ls',
      'approve',
      'completion',
      'login',
      'whoami',
      'doctor',
    ].map((name) => [[name]]),
    [['local', 'profile']],
    [['audit', 'export']],
    ...['lint', 'test', 'diff', 'replay', 'show', 'check', 'publish'].map((name) => [['policy', name]]),
  ])('of %j fits a screen of 40 columns, and its examples can be copied', async (words) => {
    const { code, stdout } = await run([...words, '--help'], { env: { COLUMNS: '40' } });
    expect(code).toBe(0);
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(40);
    const [, examples = ''] = stdout.split('Examples:\n');
    for (const line of examples.split('\n').filter((one) => one.endsWith('\\'))) expect(line).toMatch(/ \\$/);
  });

  it('puts what every command has last, and shows nothing hidden', async () => {
    const { stdout } = await run(['request', '--help']);
    const options = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, name]) => name);
    expect(options.slice(0, 2)).toEqual(['--for', '--reason']);
    expect(options.at(-1)).toBe('--auth');
    expect((await run(['--help'])).stdout).not.toContain('__complete');
  });

  it('is shown on stderr with exit 2 when no command is given', async () => {
    const { code, stdout, stderr } = await run([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: brevet');
  });

  it('suggests the command that was meant', async () => {
    const { code, stderr } = await run(['aprove', ID]);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean approve?');
  });
});

describe('settings that are missing or wrong', () => {
  const bare = (args: readonly string[], env: Record<string, string> = {}) => brevet.run(args, { env });

  it('no endpoint exits 2 and says what to set', async () => {
    const { code, stderr } = await bare(['whoami']);
    expect(code).toBe(2);
    expect(stderr).toContain('BREVET_ENDPOINT');
  });

  it('no Region exits 2 and says what to set, where calls are to be signed', async () => {
    const { code, stderr } = await bare(['whoami', '--endpoint', service.endpoint, '--auth', 'sigv4']);
    expect(code).toBe(2);
    expect(stderr).toContain('AWS_REGION');
  });

  it('neither a Region nor a sign-in exits 14, and both ways in are said', async () => {
    const { code, stderr } = await bare(['whoami', '--endpoint', service.endpoint]);
    expect(code).toBe(14);
    expect(stderr).toMatch(/code +not_signed_in\n/);
    expect(stderr).toContain(`brevet login --endpoint ${service.endpoint}`);
    expect(stderr).toContain('AWS_REGION');
  });

  it('no credentials exits 14, before anything is sent', async () => {
    service.answerWith(everything);
    const { code, stderr } = await bare(['whoami', '--endpoint', service.endpoint, '--region', 'eu-central-1']);
    expect(code).toBe(14);
    expect(stderr).toContain('aws sso login');
    expect(service.received).toEqual([]);
  });

  it('an endpoint in the clear on another machine exits 2, before anything is sent', async () => {
    const { code } = await run(['whoami', '--endpoint', 'http://brevet.example.com']);
    expect(code).toBe(2);
  });

  it('an endpoint that is no Brevet exits 20', async () => {
    service.answerWith({});
    const { code, stderr } = await run(['whoami']);
    expect(code).toBe(20);
    expect(stderr).toContain('Does the endpoint point at Brevet');
  });

  it('an answer of another shape exits 20 and names the place', async () => {
    service.answerWith({ 'GET /iam/v1/me': { body: { ...ME, roles: ['emperor'] } } });
    const { code, stderr } = await run(['whoami']);
    expect(code).toBe(20);
    expect(stderr).toContain('"roles.0"');
  });
});
