/** What every store of the census must do. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type Census, type CensusState, NOTHING_COUNTED } from '../../lambda/domain/census.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import type { CensusStore } from '../../lambda/ports/census-store.ts';
import { MORNING } from './samples.ts';

const DIGITS = 16;
/** Of the form that the Identity Store gives them, 47 characters; they do not repeat, so that they hardly pack. */
const idOf = (kind: string, index: number): string => {
  const hex = Array.from({ length: 3 }, (_, part) =>
    Math.abs(Math.sin(index * 3 + part + kind.length)).toString(DIGITS),
  )
    .join('')
    .replaceAll(/[^0-9a-f]|^0/g, '')
    .padEnd(32, '7');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
  return `90679f0f1d-${parts.join('-')}`;
};

const DEPARTMENTS = ['Payments', 'Platform', 'Vertrieb für Großkunden', '财务'];

/** Each person is in five groups. */
export const censusOf = (people: number, groups: number): Census => {
  const members: Record<string, number[]> = {};
  const groupIds = Array.from({ length: groups }, (_, index) => idOf('group', index));
  for (const id of groupIds) members[id] = [];
  for (let at = 0; at < people; at += 1) {
    for (let turn = 0; turn < 5 && groups > 0; turn += 1)
      members[groupIds[(at * 7 + turn * 13) % groups] ?? '']?.push(at);
  }
  return {
    people: Array.from({ length: people }, (_, index) => ({
      id: idOf('person', index),
      userName: `user.${index}@example.com`,
      displayName: `Zoë ${index}`,
      enabled: index % 9 !== 0,
      attributes: { department: DEPARTMENTS[index % DEPARTMENTS.length] ?? '', cost_center: `cc-${index % 400}` },
    })),
    members,
  };
};

export const LARGE = { people: 20_000, groups: 2000 } as const;

const EVERY_ATTRIBUTE: Census = {
  people: [
    {
      id: 'id-maria',
      userName: 'maria',
      displayName: 'Maria',
      enabled: true,
      attributes: {
        title: 'Engineer',
        user_type: 'Employee',
        department: 'Payments',
        division: 'Retail',
        organization: 'Example',
        cost_center: 'cc-1',
        employee_number: '7',
      },
    },
    { id: 'id-tom', userName: 'tom', displayName: 'Tom', enabled: false, attributes: {} },
    { id: 'id-unread', userName: 'unread', displayName: 'Unread', enabled: true },
  ],
  members: { 'group-payments': [0, 2], 'group-empty': [] },
};

const TAKEN = { version: 'f00d', asOf: MORNING, goodUntil: addSeconds(MORNING, 900) };
const progress = { people: 300, groups: 2, groupsInAll: 7 };
const STATES: readonly (readonly [string, Omit<CensusState, 'revision'>])[] = [
  ['while one is counted for the first time', { run: { id: 'run-1', until: addSeconds(MORNING, 120), progress } }],
  ['with a count', { taken: TAKEN }],
  [
    'with everything in it',
    {
      taken: TAKEN,
      run: { id: 'run-2', until: addSeconds(MORNING, 3600), progress },
      failed: { at: addSeconds(MORNING, 60), why: 'out-of-time' },
    },
  ],
  ['after a failure', { failed: { at: MORNING, why: 'identity-store' } }],
];

export const describeCensusStore = (name: string, make: () => Promise<CensusStore>): void => {
  describe(`${name} census store`, () => {
    let store: CensusStore;
    beforeEach(async () => {
      store = await make();
    });

    it('says that nothing was counted while nothing is stored', async () => {
      expect(await store.readState()).toEqual(NOTHING_COUNTED);
    });

    it.each(STATES)('gives the state %s as it was stored, with a revision of its own', async (_, stored) => {
      expect(await store.replaceState({ ...NOTHING_COUNTED, ...stored })).toBe(true);
      expect(await store.readState()).toEqual({ revision: 1, ...stored });
    });

    it('gives the state that was stored last', async () => {
      await store.replaceState({ ...NOTHING_COUNTED, failed: { at: MORNING, why: 'identity-store' } });
      expect(await store.replaceState({ revision: 1, taken: TAKEN })).toBe(true);
      expect(await store.readState()).toEqual({ revision: 2, taken: TAKEN });
    });

    it('stores nothing on a state that was replaced meanwhile', async () => {
      await store.replaceState({ ...NOTHING_COUNTED, taken: TAKEN });
      expect(await store.replaceState({ ...NOTHING_COUNTED, failed: { at: MORNING, why: 'identity-store' } })).toBe(
        false,
      );
      expect(await store.readState()).toEqual({ revision: 1, taken: TAKEN });
    });

    it('lets one of several replace the same state', async () => {
      const claims = Array.from({ length: 5 }, (_, index) => ({ id: `run-${index}`, until: MORNING, progress }));
      const stored = await Promise.all(claims.map((run) => store.replaceState({ ...NOTHING_COUNTED, run })));
      expect(stored.filter((one) => one)).toHaveLength(1);
      expect((await store.readState()).run?.id).toBe(claims[stored.indexOf(true)]?.id);
    });

    it.each([
      ['of nobody', { people: [], members: {} }],
      ['with every attribute, with none, and with those that were not read', EVERY_ATTRIBUTE],
      ['of a large organization', censusOf(LARGE.people, LARGE.groups)],
    ])('gives back a census %s as it was put', { timeout: 60_000 }, async (_, census) => {
      expect(await store.read(await store.put(census, MORNING))).toEqual(census);
    });

    it('gives the same census the same version, in whatever order its groups are, and another one another', async () => {
      const version = await store.put(EVERY_ATTRIBUTE, MORNING);
      const { people, members } = EVERY_ATTRIBUTE;
      const turned = { members: Object.fromEntries(Object.entries(members).reverse()), people };
      expect(await store.put(turned, addSeconds(MORNING, 5))).toBe(version);
      expect(await store.put({ people, members: {} }, MORNING)).not.toBe(version);
      expect(await store.read(version)).toEqual(EVERY_ATTRIBUTE);
    });

    it('throws a fault for a version that is not there', async () => {
      await expect(store.read('f00d')).rejects.toMatchObject({ name: 'ServiceFault', code: 'PieceMissing' });
    });
  });
};
