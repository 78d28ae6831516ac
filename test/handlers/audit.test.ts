/** GET /audit: everything that happened, in the order of time, to auditors and administrators alone, and whole. */
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { type AuditPage, auditPage } from '../../lambda/contract/audit.ts';
import { readLine, verifyChains } from '../../lambda/contract/audit-chain.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import { createApi } from '../../lambda/handlers/api/api.ts';
import { createApiWorld, createCaller, GOOD_ASK, NOW, OPERATIONS_OF_ALL } from './api-world.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const later = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();
const DAY = 86_400;

let made: ReturnType<typeof createApiWorld>;
let call: ReturnType<typeof createCaller>;
beforeEach(() => {
  made = createApiWorld();
  call = createCaller(made.api);
});

const ask = async (): Promise<string> => (await call('maria', 'POST', '/requests', { body: GOOD_ASK })).body.id;

/** Asked, approved, extended, used, ended: a whole life. */
const live = async (): Promise<string> => {
  const id = await ask();
  await call('omar', 'POST', `/requests/${id}/approve`, { body: { comment: 'a secret comment' } });
  await made.pass(6);
  await call('maria', 'POST', `/requests/${id}/extend`, { body: { duration: 'PT30M' } });
  await call('lena', 'POST', `/requests/${id}/approve`, { body: { extendTo: 'PT1H30M' } });
  await call('maria', 'POST', `/requests/${id}/end`);
  await made.pass(60);
  return id;
};

const page = async (query: Record<string, string> = {}, as = 'tom'): Promise<AuditPage> => {
  const answered = await call(as, 'GET', '/audit', { query });
  expect(answered.status, JSON.stringify(answered.body)).toBe(200);
  return auditPage.parse(answered.body);
};

describe('auditors', () => {
  test('read a whole life, oldest first, with every hash and no text that anybody wrote', async () => {
    const id = await live();
    made.clock.set(addSeconds(NOW, 100));
    const { items, from, to } = await page();
    expect(items.map(({ kind }) => kind)).toEqual([
      'asked',
      'voted',
      'grant-begun',
      'became-usable',
      'extension-asked',
      'extension-voted',
      'end-begun',
      'gone',
    ]);
    expect([from, to]).toEqual([later(100 - DAY), later(100)]);
    expect(items).toEqual(await made.world.ledger.readEvents(id));
    expect(JSON.stringify(items)).not.toMatch(/secret comment|payment queue|INC-42/);
  });

  test('can verify what they read, and see what somebody changed', async () => {
    await live();
    await ask();
    made.clock.advance(1);
    const lines = (await page()).items.map((event) => JSON.stringify(event));
    const verified = (text: string) => {
      const events = text.split('\n').map((line) => {
        const read = readLine(line);
        if ('why' in read) throw new Error(read.why);
        return read.event;
      });
      return verifyChains(events, sha256, { isWhole: true });
    };
    expect(verified(lines.join('\n'))).toMatchObject({ events: 9, requests: 2, findings: [] });
    const changed = lines.join('\n').replace('"choice":"approve"', '"choice":"reject"');
    expect(verified(changed).findings).toMatchObject([{ kind: 'changed', sequence: 2 }]);
  });

  test('read page after page, each at most a page long, without gaps or repeats', async () => {
    made.api = createApi({ ...made.world, limits: { ...made.world.limits, pageSize: 3 } }, OPERATIONS_OF_ALL);
    call = createCaller(made.api);
    const id = await live();
    made.clock.advance(1);
    const pages = [await page()];
    for (let last = pages[0]; last?.cursor !== undefined; last = pages.at(-1)) {
      pages.push(await page({ from: last.from, to: last.to, cursor: last.cursor }));
    }
    expect(pages.map(({ items }) => items.length)).toEqual([3, 3, 2]);
    expect(pages.flatMap(({ items }) => items)).toEqual(await made.world.ledger.readEvents(id));
  });

  test('read the window that they name, its end left out, whatever zone they write it in', async () => {
    await ask();
    made.clock.advance(60);
    await ask();
    const from = (moment: string) => page({ from: moment, to: later(60) });
    expect((await from(later(0))).items).toHaveLength(1);
    expect((await from('2026-11-23T04:00:00+01:00')).from).toBe(later(0));
    expect((await from('2026-11-23T03:00:00.001Z')).items).toHaveLength(0);
    expect((await page({ from: later(0), to: later(61) })).items).toHaveLength(2);
    expect((await page({ to: later(30) })).from).toBe(later(30 - DAY));
  });

  test('read 31 days in one go', async () => {
    expect((await page({ from: later(-31 * DAY), to: later(0) })).items).toEqual([]);
  });
});

test('administrators read the events too', async () => {
  await ask();
  made.clock.advance(1);
  expect((await page({}, 'ines')).items).toHaveLength(1);
});

test.each(['maria', 'omar', 'chloe'])('nobody else reads them, not even of their own requests: %s', async (as) => {
  await ask();
  const answered = await call(as, 'GET', '/audit');
  expect([answered.status, answered.body.code, answered.body.items]).toEqual([403, 'not_permitted', undefined]);
});

describe('a window is refused', () => {
  test.each<[string, Record<string, string>, string]>([
    ['that ends before it begins', { from: later(0), to: later(-1) }, 'query_invalid'],
    ['that is empty', { from: later(0), to: later(0) }, 'query_invalid'],
    ['that begins now', { from: later(0) }, 'query_invalid'],
    ['that begins in the future', { from: later(60) }, 'query_invalid'],
    ['without a zone', { from: '2026-11-22T03:00:00' }, 'query_invalid'],
    ['of days', { from: '2026-11-22' }, 'query_invalid'],
    ['of a day that there is not', { from: '2026-02-30T00:00:00Z' }, 'query_invalid'],
    ['of seconds since 1970', { from: '1795402800' }, 'query_invalid'],
    ['finer than milliseconds', { from: '2026-11-22T03:00:00.0001Z' }, 'query_invalid'],
    ['before 1970', { from: '1969-12-31T23:59:59Z', to: '1970-01-01T00:00:01Z' }, 'query_invalid'],
    ['that its zone carries beyond the last year', { to: '9999-12-31T23:59:59-01:00' }, 'query_invalid'],
    ['that its zone carries before the first year', { to: '0000-01-01T00:00:00+01:00' }, 'query_invalid'],
    ['longer than 31 days', { from: later(-31 * DAY - 1), to: later(0) }, 'window_too_long'],
    ['of all time', { from: '1970-01-01T00:00:00Z', to: '9999-12-31T23:59:59Z' }, 'window_too_long'],
    ['with a cursor and no window', { cursor: 'x' }, 'query_invalid'],
    ['with a cursor and half a window', { cursor: 'x', from: later(-60) }, 'query_invalid'],
    ['with a cursor that is none', { cursor: 'x', from: later(-60), to: later(0) }, 'cursor_invalid'],
  ])('%s', async (_, query, code) => {
    const answered = await call('tom', 'GET', '/audit', { query });
    expect([answered.body.code, answered.status >= 500]).toEqual([code, false]);
  });

  test('with the cursor of another window', async () => {
    made.api = createApi({ ...made.world, limits: { ...made.world.limits, pageSize: 1 } }, OPERATIONS_OF_ALL);
    call = createCaller(made.api);
    await ask();
    await ask();
    made.clock.advance(1);
    const { cursor = '' } = await page();
    const query = { from: later(1), to: later(2), cursor };
    expect((await call('tom', 'GET', '/audit', { query })).body.code).toBe('cursor_invalid');
  });

  test('saying how long one may be', async () => {
    const answered = await call('tom', 'GET', '/audit', { query: { from: later(-40 * DAY) } });
    expect(answered.body.facts).toEqual({ maximumSeconds: 31 * DAY });
  });
});
