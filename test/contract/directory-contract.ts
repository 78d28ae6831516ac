/** What every directory must do, on the people and groups of the seed. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { GroupRef } from '../../lambda/domain/access-request.ts';
import type { Person } from '../../lambda/domain/policy/facts.ts';
import type { Directory, Match } from '../../lambda/ports/directory.ts';

/** A directory that holds the seed, and what happens to it from outside. */
export interface DirectoryWorld {
  readonly directory: Directory;
  disable(userName: string): Promise<void>;
  /** Takes the person out of the group. */
  leave(userName: string, groupName: string): Promise<void>;
  /** Writes another e-mail address in the place of the person's own. */
  writeEmail(userName: string, email: string): Promise<void>;
}

export const personIn = (match: Match): Person => {
  if (match === undefined || match === 'several') throw new Error(`expected one person, and there is ${match}`);
  return match;
};

export const describeDirectory = (name: string, make: () => Promise<DirectoryWorld>): void => {
  describe(`${name} directory`, () => {
    let world: DirectoryWorld;
    let directory: Directory;
    beforeEach(async () => {
      world = await make();
      directory = world.directory;
    });

    const idOf = async (userName: string): Promise<string> => personIn(await directory.findByUserName(userName)).id;
    const groups = async (...names: readonly string[]): Promise<GroupRef[]> =>
      (await Promise.all(names.map((one) => directory.findGroup(one)))).filter((group) => group !== undefined);

    it('finds a person by user name', async () => {
      const found = await directory.findByUserName('maria');
      expect(found).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36,47}$/),
        userName: 'maria',
        displayName: 'Maria Santos',
        enabled: true,
        attributes: { title: 'Software Engineer', user_type: 'Employee', department: 'payments' },
      });
    });

    it('finds a disabled person, and says so', async () => {
      expect(await directory.findByUserName('victor')).toMatchObject({ userName: 'victor', enabled: false });
    });

    it('sees at once that somebody was disabled', async () => {
      const id = await idOf('omar');
      await world.disable('omar');
      expect(await directory.findByUserName('omar')).toMatchObject({ enabled: false });
      expect(await directory.findById(id)).toMatchObject({ userName: 'omar', enabled: false });
    });

    it.each(['nobody', 'mari', 'maria ', 'maria@example.com', '*'])(
      'knows nobody of the user name "%s"',
      async (userName) => {
        expect(await directory.findByUserName(userName)).toBeUndefined();
      },
    );

    it.each(['', ' \u0007', 'a\u200bb', '\ud800', 'x'.repeat(1025)])(
      'knows nobody and no group of a name that none can have: %j',
      async (name) => {
        expect([await directory.findByUserName(name), await directory.findGroup(name)]).toEqual([undefined, undefined]);
      },
    );

    it.each(['maria@example.com', 'Maria@Example.COM', 'MARIA@EXAMPLE.COM'])(
      'finds by the e-mail address "%s" the same person as by user name',
      async (email) => {
        expect(await directory.findByEmail(email)).toEqual(await directory.findByUserName('maria'));
      },
    );

    it('finds a disabled person by e-mail address, and says so', async () => {
      expect(await directory.findByEmail('victor@example.com')).toMatchObject({ userName: 'victor', enabled: false });
    });

    it.each(['nobody@example.com', 'maria@example.org', 'maria', 'maria@example.com ', '*'])(
      'knows nobody of the e-mail address "%s"',
      async (email) => {
        expect(await directory.findByEmail(email)).toBeUndefined();
      },
    );

    it('no longer finds somebody by an address that they had', async () => {
      await world.writeEmail('maria', 'maria.santos@example.com');
      expect(await directory.findByEmail('maria@example.com')).toBeUndefined();
      expect(await directory.findByEmail('maria.santos@example.com')).toMatchObject({ userName: 'maria' });
    });

    it('says so when an e-mail address fits two people', async () => {
      await world.writeEmail('diego', 'Maria@example.com');
      expect(await directory.findByEmail('Maria@example.com')).toBe('several');
    });

    it('takes no other letter for a k, as lower case of the Kelvin sign would', async () => {
      expect(await directory.findByUserName('\u212aenji')).toBeUndefined();
      expect(await directory.findByEmail('\u212aenji@example.com')).toBeUndefined();
      expect(await directory.findByUserName('Kenji')).toMatchObject({ userName: 'kenji' });
    });

    it('finds the same person by id', async () => {
      const maria = personIn(await directory.findByUserName('maria'));
      expect(await directory.findById(maria.id)).toEqual(maria);
    });

    it('knows nobody of an id that is gone', async () => {
      expect(await directory.findById('906712ab3f-00000000-0000-4000-8000-000000000000')).toBeUndefined();
    });

    it('finds a group by its display name', async () => {
      expect(await directory.findGroup('payments-leads')).toEqual({ id: expect.any(String), name: 'payments-leads' });
      expect(await directory.findGroup('payments-leads')).toEqual(await directory.findGroup('payments-leads'));
    });

    it('knows no group of another name', async () => {
      expect(await directory.findGroup('payments')).toBeUndefined();
    });

    it('tells to which of the groups a person belongs', async () => {
      const asked = await groups('payments-engineers', 'storefront-leads', 'payments-leads');
      expect((await directory.groupsOf(await idOf('lena'), asked)).map((group) => group.name)).toEqual([
        'payments-engineers',
        'payments-leads',
      ]);
      expect(await directory.groupsOf(await idOf('tom'), asked)).toEqual([]);
      expect(await directory.groupsOf(await idOf('tom'), [])).toEqual([]);
    });

    it('sees at once that somebody left a group', async () => {
      const asked = await groups('payments-engineers', 'payments-leads');
      await world.leave('lena', 'payments-leads');
      expect((await directory.groupsOf(await idOf('lena'), asked)).map((group) => group.name)).toEqual([
        'payments-engineers',
      ]);
    });

    it('tells the groups that are there when one has vanished', async () => {
      const asked = await groups('payments-engineers');
      const vanished = { id: '906712ab3f-00000000-0000-4000-8000-000000000000', name: 'gone' };
      expect(await directory.groupsOf(await idOf('maria'), [vanished, ...asked])).toEqual(asked);
    });

    it('tells no groups of a person that is gone', async () => {
      const asked = await groups('payments-engineers', 'payments-leads');
      expect(await directory.groupsOf('906712ab3f-00000000-0000-4000-8000-000000000000', asked)).toEqual([]);
    });

    it('tells who is in a group, the disabled too', async () => {
      const [leads] = await groups('payments-leads');
      const expected = await Promise.all(['omar', 'lena', 'victor'].map(idOf));
      expect([...(await directory.memberIds(leads ?? { id: '', name: '' }))].sort()).toEqual(expected.sort());
    });

    it('tells that a group that has vanished has no members', async () => {
      const vanished = { id: '906712ab3f-00000000-0000-4000-8000-000000000000', name: 'gone' };
      expect(await directory.memberIds(vanished)).toEqual([]);
    });
  });
};
