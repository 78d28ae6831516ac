/** What all lists of people must do, on the people and groups of the seed. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { PeopleLists } from '../../lambda/ports/people-lists.ts';
import type { Seed } from '../../local/seed/seed.ts';
import { readTestSeed } from './stand-in.ts';

const VANISHED = '906712ab3f-00000000-0000-4000-8000-000000000000';
const onAndOn = async (): Promise<void> => undefined;

export const describePeopleLists = (name: string, make: () => Promise<PeopleLists>): void => {
  describe(`${name} lists of people`, () => {
    let lists: PeopleLists;
    let seed: Seed;
    beforeEach(async () => {
      [lists, seed] = await Promise.all([make(), readTestSeed()]);
    });
    const groupIdOf = (group: string): string =>
      seed.groups.find(({ displayName }) => displayName === group)?.groupId ?? '';

    it('have everybody, disabled people too, with the attributes that rules speak of', async () => {
      const people = await lists.people(onAndOn);
      expect(people).toHaveLength(31);
      expect(people.find(({ userName }) => userName === 'maria')).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36,47}$/),
        userName: 'maria',
        displayName: 'Maria Santos',
        enabled: true,
        attributes: { title: 'Software Engineer', user_type: 'Employee', department: 'payments' },
      });
      expect(people.filter(({ enabled }) => !enabled).map(({ userName }) => userName)).toEqual(['victor']);
    });

    it('tell before each page how many people there are so far, none before the first', async () => {
      const told: number[] = [];
      await lists.people(async (count) => void told.push(count));
      expect(told[0]).toBe(0);
      expect(told).toEqual([...told].sort((one, other) => one - other));
    });

    it('have who is in a group, the disabled too', async () => {
      const people = await lists.people(onAndOn);
      const ids = await lists.memberIds(groupIdOf('payments-leads'), onAndOn);
      const names = ids.map((id) => people.find((person) => person.id === id)?.userName);
      expect(names.sort()).toEqual(['lena', 'omar', 'victor']);
    });

    it('have nobody in a group that has vanished', async () => {
      expect(await lists.memberIds(VANISHED, onAndOn)).toEqual([]);
    });

    it.each([
      ['of people', (stop: () => Promise<void>) => lists.people(stop)],
      ['of members', (stop: () => Promise<void>) => lists.memberIds(groupIdOf('payments-leads'), stop)],
    ])('end where whoever is asked before a page throws: %s', async (_, read) => {
      const stop = new Error('out of time');
      await expect(read(() => Promise.reject(stop))).rejects.toBe(stop);
    });
  });
};
