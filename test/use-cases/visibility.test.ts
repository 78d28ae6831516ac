/** Reads are authorized too: who sees which requests, what they may do with them, and what strangers learn: nothing. */
import { describe, expect, it } from 'vitest';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import { listRequests, type View } from '../../lambda/use-cases/list-requests.ts';
import { describeRequest, showRequest } from '../../lambda/use-cases/show-request.ts';
import { type Name, PEOPLE } from './small-policy.ts';
import { type SmallWorld, smallWorld } from './small-world.ts';
import { active, decide, granted, seconds, submit } from './story.ts';

const show = ({ world }: SmallWorld, by: Name, requestId: string) =>
  showRequest(world, { caller: PEOPLE[by], requestId });

/** Names of the requesters of what is listed, or the refusal. */
const listed = async ({ world }: SmallWorld, by: Name, view: View): Promise<readonly string[] | string> => {
  const page = await listRequests(world, { caller: PEOPLE[by], view });
  if (page === 'invalid-cursor') return page;
  return 'items' in page ? page.items.map(({ request }) => request.requester.userName) : page.refused;
};

/** Ann’s request waits, Bob’s is active, Lea’s for a sandbox is active. */
const threeRequests = async () => {
  const small = smallWorld();
  const ann = granted(await submit(small));
  const bob = await active(small, { by: 'bob', account: 'other' });
  const lea = await active(small, { by: 'lea', account: 'sandbox' });
  return { small, ann, bob, lea };
};

describe('describeRequest', () => {
  it('reads no history where that is at hand, and reads it where it is not', async () => {
    const { small, ann } = await threeRequests();
    const history = await small.world.ledger.readEvents(ann.id);
    const ledger = { ...small.world.ledger, readEvents: () => Promise.reject(new Error('read again')) };
    const unread = { ...small.world, ledger };
    expect((await describeRequest(unread, PEOPLE.ann, { request: ann, history })).history).toEqual(history);
    expect((await describeRequest(small.world, PEOPLE.ann, { request: ann })).history).toEqual(history);
    await expect(describeRequest(unread, PEOPLE.ann, { request: ann })).rejects.toThrow('read again');
  });
});

describe('showRequest', () => {
  it.each(['ann', 'leo', 'lea', 'ada', 'aud'] as const)('shows %s who is concerned', async (by) => {
    const { small, ann } = await threeRequests();
    expect(await show(small, by, ann.id)).toMatchObject({ request: { id: ann.id }, history: [{ kind: 'asked' }] });
  });

  it.each(['bob', 'sam', 'eve'] as const)('tells %s the same as for a request that does not exist', async (by) => {
    const { small, ann } = await threeRequests();
    const unknown = await show(small, by, '01KAQ000000000000000000009');
    expect(await show(small, by, ann.id)).toEqual(
      JSON.parse(JSON.stringify(unknown).replaceAll('01KAQ000000000000000000009', ann.id)),
    );
    expect(unknown).toMatchObject({ refused: 'request_unknown' });
  });

  it('shows a person who voted and has left the group since', async () => {
    const { small, bob } = await threeRequests();
    small.people.putGroup({ id: 'group-leads', name: 'leads', memberIds: [] });
    expect(await show(small, 'leo', bob.id)).toMatchObject({ request: { id: bob.id } });
    expect(await show(small, 'lea', bob.id)).toMatchObject({ refused: 'request_unknown' });
  });

  it('names who can decide now: enabled, not the requester, not those who voted', async () => {
    const small = smallWorld();
    const names = async (id: string) => {
      const shown = granted(await show(small, 'ada', id));
      return shown.approvers.map(({ userName }) => userName).sort();
    };
    const { id } = granted(await submit(small, { by: 'lea', permissionSet: 'Database', wish: { ticket: 'CHG-1' } }));
    expect(await names(id)).toEqual(['leo', 'sam']);
    granted(await decide(small, id, 'leo'));
    expect(await names(id)).toEqual(['sam']);
    small.people.putPerson({ ...PEOPLE.sam, enabled: false });
    expect(await names(id)).toEqual([]);
    granted(await decide(small, id, 'sam'));
    expect(await names(id)).toEqual([]);
  });
});

describe('what one may do', () => {
  const actions = async (small: SmallWorld, by: Name, id: string) => granted(await show(small, by, id)).youMay;

  it('with a pending request', async () => {
    const { small, ann } = await threeRequests();
    expect(await actions(small, 'ann', ann.id)).toEqual(['cancel']);
    expect(await actions(small, 'leo', ann.id)).toEqual(['approve', 'reject']);
    expect(await actions(small, 'ada', ann.id)).toEqual([]);
    expect(await actions(small, 'aud', ann.id)).toEqual([]);
  });

  it('with an active request', async () => {
    const { small, bob } = await threeRequests();
    expect(await actions(small, 'bob', bob.id)).toEqual(['end', 'extend']);
    expect(await actions(small, 'leo', bob.id)).toEqual(['end']);
    expect(await actions(small, 'ada', bob.id)).toEqual(['end']);
    expect(await actions(small, 'aud', bob.id)).toEqual([]);
  });

  it('with an extension that waits', async () => {
    const { small, bob } = await threeRequests();
    const extension = { caller: PEOPLE.bob, requestId: bob.id, durationSeconds: seconds(60) };
    granted(await extendRequest(small.world, extension));
    expect(await actions(small, 'bob', bob.id)).toEqual(['end']);
    expect(await actions(small, 'leo', bob.id)).toEqual(['approve', 'reject', 'end']);
    expect(await actions(small, 'ada', bob.id)).toEqual(['end']);
  });

  it('with what is over: nothing', async () => {
    const { small, ann } = await threeRequests();
    granted(await decide(small, ann.id, 'leo', 'reject'));
    for (const by of ['ann', 'leo', 'ada', 'aud'] as const) expect(await actions(small, by, ann.id)).toEqual([]);
  });
});

describe('listRequests', () => {
  it.each([
    ['ann', 'mine', ['ann']],
    ['eve', 'mine', []],
    ['leo', 'to-review', ['ann']],
    ['lea', 'to-review', ['ann']],
    ['sam', 'to-review', []],
    ['ann', 'to-review', []],
    ['ada', 'to-review', []],
    ['ann', 'active', []],
    ['bob', 'active', ['bob']],
    ['leo', 'active', ['bob']],
    ['aud', 'active', ['lea', 'bob']],
    ['ada', 'active', ['lea', 'bob']],
    ['eve', 'active', []],
    ['aud', 'all', ['lea', 'bob', 'ann']],
    ['ada', 'all', ['lea', 'bob', 'ann']],
    ['leo', 'all', 'not_permitted'],
    ['ann', 'all', 'not_permitted'],
    ['eve', 'all', 'not_permitted'],
  ] as const)('shows %s under %s: %j', async (by, view, expected) => {
    const { small } = await threeRequests();
    expect(await listed(small, by, view)).toEqual(expected);
  });

  it('to-review leaves out what one has voted on, and what one asked for oneself', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small, { by: 'lea', permissionSet: 'Database', wish: { ticket: 'CHG-1' } }));
    expect([await listed(small, 'leo', 'to-review'), await listed(small, 'lea', 'to-review')]).toEqual([['lea'], []]);
    granted(await decide(small, id, 'leo'));
    expect([await listed(small, 'leo', 'to-review'), await listed(small, 'sam', 'to-review')]).toEqual([[], ['lea']]);
  });

  it('to-review shows an extension that waits', async () => {
    const { small, bob } = await threeRequests();
    granted(await extendRequest(small.world, { caller: PEOPLE.bob, requestId: bob.id, durationSeconds: seconds(60) }));
    expect(await listed(small, 'leo', 'to-review')).toEqual(['bob', 'ann']);
  });

  it('finds the one that concerns the caller behind many that do not', async () => {
    const small = smallWorld({ limits: { pageSize: 2 } });
    granted(await submit(small, { permissionSet: 'Database', wish: { ticket: 'CHG-1' } }));
    for (let count = 0; count < 7; count += 1) granted(await submit(small, { by: 'bob' }));
    expect(await listed(small, 'sam', 'to-review')).toEqual(['ann']);
  });

  it('pages through all, each once, newest first', async () => {
    const small = smallWorld({ limits: { pageSize: 2 } });
    const asked = [];
    for (let count = 0; count < 5; count += 1) {
      asked.unshift(granted(await submit(small)).id);
      small.clock.advance(1);
    }
    const seen: string[] = [];
    for (let cursor: string | undefined, page = 0; page === 0 || cursor !== undefined; page += 1) {
      const input = { caller: PEOPLE.ann, view: 'mine', ...(cursor === undefined ? {} : { cursor }) } as const;
      const found = await listRequests(small.world, input);
      if (found === 'invalid-cursor' || 'refused' in found) throw new Error('no page');
      seen.push(...found.items.map(({ request }) => request.id));
      cursor = found.cursor;
    }
    expect(seen).toEqual(asked);
  });

  it('keeps to one status when asked to', async () => {
    const { small } = await threeRequests();
    const page = await listRequests(small.world, { caller: PEOPLE.aud, view: 'all', status: 'pending' });
    expect(page).toMatchObject({ items: [{ request: { status: 'pending' } }] });
  });

  it.each(['garbage', '', 'AAAA'])('refuses the cursor %j', async (cursor) => {
    const { small } = await threeRequests();
    expect(await listRequests(small.world, { caller: PEOPLE.ann, view: 'mine', cursor })).toBe('invalid-cursor');
  });
});
