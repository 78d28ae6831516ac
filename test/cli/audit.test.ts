/** `brevet audit`, as the built command: exports everything in parts and pages, and verifies it without a service. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AuditEvent, EMPTY_TRAIL, sealEvent, trailAfter } from '../../lambda/domain/audit-event.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import { signedInAt } from './support/brevet.ts';
import { commandAndService } from './support/command-and-service.ts';
import { problem } from './support/documents.ts';
import type { Received } from './support/service.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const MORNING = Date.parse('2026-11-23T08:00:00.000Z');
const REQUEST = '01KAQ3V9ZC5X7Q2W8E4R6T1Y0P';

const chainOf = (length: number): readonly AuditEvent[] => {
  const events: AuditEvent[] = [];
  for (let number = 0; number < length; number += 1) {
    const before = events.at(-1);
    const fact = {
      kind: 'voted',
      at: (MORNING + number * 60_000) as Instant,
      actor: { kind: 'person', id: 'id-omar', userName: 'om\u009bar' },
      to: 'pending',
      data: { choice: 'approve', groups: ['b', 'a'] },
      texts: { comment: 'ü' },
    } as const;
    events.push(sealEvent(REQUEST, before ? trailAfter(before) : EMPTY_TRAIL, 'salt', fact, sha256));
  }
  return events;
};
const CHAIN = chainOf(5);

let folder: string;

const { brevet, service } = commandAndService();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brevet-audit-'));
  return () => rm(folder, { recursive: true });
});

/** Two events a page, of those in the window that was asked for. */
const audit = ({ query: { from = '', to = '', cursor = '0' } }: Received) => {
  const all = CHAIN.filter(({ at }) => at >= from && at < to);
  const end = Number(cursor) + 2;
  const items = all.slice(Number(cursor), end);
  return { body: { from, to, items, ...(end < all.length ? { cursor: String(end) } : {}) } };
};
const run = (...args: string[]) => brevet.run(['audit', ...args], { cwd: folder, env: signedInAt(service.endpoint) });
const lines = (events: readonly unknown[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('');
const NOVEMBER = ['--from', '2026-11-01', '--to', '2026-12-01'];

describe('audit export', () => {
  beforeEach(() => service.answerWith({ 'GET /iam/v1/audit': audit }));

  it('prints every event of every page, one a line, and nothing that drives a terminal', async () => {
    const { code, stdout, stderr } = await run('export', ...NOVEMBER);
    expect([code, stderr]).toEqual([0, '']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(CHAIN);
    expect(stdout).not.toContain('\u009b');
  });

  it('asks for pages by their window and their cursor', async () => {
    await run('export', ...NOVEMBER);
    const window = { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' };
    expect(service.received.map(({ query }) => query)).toEqual([
      window,
      { ...window, cursor: '2' },
      { ...window, cursor: '4' },
    ]);
  });

  it('asks for a long window in parts that meet, none longer than the service lists in one go', async () => {
    await run('export', '--from', '2026-10-01T00:00:00Z', '--to', '2026-12-05T12:00+01:00', '--out', 'x.jsonl');
    const parts = service.received.filter(({ query }) => query.cursor === undefined);
    expect(parts.map(({ query }) => [query.from, query.to])).toEqual([
      ['2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z'],
      ['2026-11-01T00:00:00.000Z', '2026-12-02T00:00:00.000Z'],
      ['2026-12-02T00:00:00.000Z', '2026-12-05T11:00:00.000Z'],
    ]);
    expect((await readFile(join(folder, 'x.jsonl'), 'utf8')).trimEnd().split('\n')).toHaveLength(5);
  });

  it('asks for the last day when nothing is said', async () => {
    await run('export');
    const { from = '', to = '' } = service.received[0]?.query ?? {};
    expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000);
  });

  it('writes a file that only its owner can read, and says what is in it', async () => {
    const { code, stdout } = await run('export', ...NOVEMBER, '--out', 'november.jsonl', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      from: '2026-11-01T00:00:00.000Z',
      to: '2026-12-01T00:00:00.000Z',
      events: 5,
      file: 'november.jsonl',
    });
    expect((await stat(join(folder, 'november.jsonl'))).mode & 0o777).toBe(0o600);
    expect((await run('verify', 'november.jsonl', '--whole')).code).toBe(0);
  });

  it('leaves what was there before when it fails on the way', async () => {
    await writeFile(join(folder, 'november.jsonl'), 'before');
    const refusal = { status: 403, body: problem('not_permitted', 'Only auditors and administrators.') };
    service.answerWith({ 'GET /iam/v1/audit': (call) => (call.query.cursor === '2' ? refusal : audit(call)) });
    const { code, stderr } = await run('export', ...NOVEMBER, '--out', 'november.jsonl');
    expect([code, stderr.includes('not_permitted')]).toEqual([13, true]);
    expect(await readdir(folder)).toEqual(['november.jsonl']);
    expect(await readFile(join(folder, 'november.jsonl'), 'utf8')).toBe('before');
  });

  it('does not follow a list that does not go on', async () => {
    const stuck = (call: Received) => ({ body: { ...audit(call).body, cursor: '2' } });
    service.answerWith({ 'GET /iam/v1/audit': stuck });
    expect((await run('export', ...NOVEMBER)).code).toBe(20);
  });

  it.each([
    ['a moment without a zone', ['--from', '2026-11-01T08:00']],
    ['a day that there is not', ['--from', '2026-02-30']],
    ['words', ['--to', 'yesterday']],
    ['a window that is empty', ['--from', '2026-11-02', '--to', '2026-11-02']],
    ['a file in no folder', [...NOVEMBER, '--out', 'no/such/folder.jsonl']],
    ['JSON without a file', ['--json']],
  ])('refuses %s', async (_, args) => {
    const { code, stderr } = await run('export', ...args);
    expect([code, stderr.includes('usage')]).toEqual([2, true]);
    expect(service.received).toEqual([]);
  });
});

describe('audit verify', () => {
  const [first, second, third, fourth] = CHAIN;
  const verified = async (events: readonly unknown[], ...flags: string[]) => {
    await writeFile(join(folder, 'events.jsonl'), lines(events));
    return brevet.run(['audit', 'verify', 'events.jsonl', ...flags], { cwd: folder });
  };

  it('says that a chain is whole, without a service, credentials or an endpoint', async () => {
    const { code, stdout, stderr } = await verified(CHAIN);
    expect([code, stdout, stderr]).toEqual([0, 'Whole: 5 events of 1 request.\n', '']);
  });

  it('names every event that is changed, missing, reordered, doubled or foreign, and ends with 16', async () => {
    const anew = sealEvent(REQUEST, trailAfter(first as AuditEvent), 'salt', { ...FOREIGN_FACT }, sha256);
    const { code, stdout } = await verified([first, { ...second, to: 'ended' }, anew, fourth, fourth, first], '--json');
    expect(code).toBe(16);
    expect(JSON.parse(stdout)).toEqual({
      isWhole: false,
      events: 6,
      requests: 1,
      beginLater: [],
      findings: [
        { kind: 'duplicated', requestId: REQUEST, sequence: 1 },
        { kind: 'changed', requestId: REQUEST, sequence: 2 },
        { kind: 'foreign', requestId: REQUEST, sequence: 2 },
        { kind: 'missing', requestId: REQUEST, sequence: 3 },
        { kind: 'duplicated', requestId: REQUEST, sequence: 4 },
      ],
    });
  });

  it('says it to people with the request, the event and the reason', async () => {
    const { code, stdout } = await verified([first, third, second]);
    expect(code).toBe(16);
    expect(stdout).toMatch(/^Not whole: 1 finding in 3 events of 1 request\.$/m);
    expect(stdout).toMatch(new RegExp(`reordered +${REQUEST} +2 +it stands behind one that came later`));
  });

  it('says where a chain begins that began before, which is a fault only when all is wanted', async () => {
    const some = await verified(CHAIN.slice(2));
    expect([some.code, some.stdout.includes(`${REQUEST} begins at event 3`)]).toEqual([0, true]);
    const whole = await verified(CHAIN.slice(2), '--whole');
    expect([whole.code, /missing +\w+ +1 to 2/.test(whole.stdout)]).toEqual([16, true]);
  });

  it('names a line that is no event, and goes on', async () => {
    await writeFile(join(folder, 'events.jsonl'), `${lines([first])}{"half":\r\n\r\n${lines([second]).trimEnd()}`);
    const { code, stdout } = await brevet.run(['audit', 'verify', 'events.jsonl', '--json'], { cwd: folder });
    expect(code).toBe(16);
    expect(JSON.parse(stdout)).toMatchObject({ events: 2, findings: [{ kind: 'unreadable', line: 2 }] });
  });

  it.each(['missing.jsonl', '.'])('says that what it cannot read cannot be read: %s', async (file) => {
    const { code, stderr } = await run('verify', file);
    expect([code, stderr.includes('cannot be read')]).toEqual([2, true]);
  });

  it('names what an earlier export has and this one has not: the newest event left out, as if it had never been', async () => {
    await writeFile(join(folder, 'earlier.jsonl'), lines(CHAIN));
    const alone = await verified(CHAIN.slice(0, 4), '--whole');
    expect(alone.code).toBe(0);
    const compared = await verified(CHAIN.slice(0, 4), '--whole', '--earlier', 'earlier.jsonl', '--json');
    expect(compared.code).toBe(16);
    expect(JSON.parse(compared.stdout)).toMatchObject({
      findings: [{ kind: 'gone', requestId: REQUEST, sequence: 5 }],
    });
    expect((await verified(CHAIN, '--earlier', 'earlier.jsonl')).code).toBe(0);
  });

  it('compares with nothing that is not whole itself', async () => {
    await writeFile(join(folder, 'earlier.jsonl'), lines([first, third]));
    const { code, stderr } = await verified(CHAIN, '--earlier', 'earlier.jsonl');
    expect([code, stderr.includes('--earlier earlier.jsonl is not whole itself')]).toEqual([2, true]);
  });

  it('takes an export of nothing as whole', async () => {
    expect((await verified([])).code).toBe(0);
  });
});

const FOREIGN_FACT = {
  kind: 'cancelled',
  at: (MORNING + 60_000) as Instant,
  actor: { kind: 'clock' },
  to: 'cancelled',
  data: {},
  texts: {},
} as const;
