/** What every store of the catalogue must do. */
import { beforeEach, describe, expect, it } from 'vitest';
import { NOTHING_READ, type OrganizationContent } from '../../lambda/domain/catalogue.ts';
import { EMPTY_NOTES } from '../../lambda/domain/survey-notes.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import type { CatalogueStore } from '../../lambda/ports/catalogue-store.ts';
import { MORNING } from './samples.ts';

/** Names that do not repeat, so that the content is as large packed as it is long. */
export const organizationOf = (count: number): OrganizationContent => ({
  accounts: Array.from({ length: count }, (_, index) => ({
    id: String(400_000_000_000 + index),
    name: Math.sin(index + 1).toString(36),
    ouPath: `Workloads/${index % 7}`,
    active: true,
    ...(index % 2 === 0 ? { tags: { team: `team ${index % 11}` } } : {}),
  })),
  units: ['Workloads', 'Leere Einheit/é'],
  permissionSets: [
    { arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1', name: 'ReadOnlyAccess', sessionSeconds: 3600, tags: {} },
    {
      arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-2',
      name: 'BillingView',
      sessionSeconds: 3600,
      outOfReach: 'provisioned-in-management-account',
    },
  ],
});

export const describeCatalogueStore = (name: string, make: () => Promise<CatalogueStore>): void => {
  describe(`${name} catalogue store`, () => {
    let store: CatalogueStore;
    beforeEach(async () => {
      store = await make();
    });

    it('says that nothing was read while nothing is stored', async () => {
      expect(await store.readState()).toEqual(NOTHING_READ);
    });

    it('gives the state that was stored last, with a revision of its own', async () => {
      const wanted = { at: MORNING, resources: ['400000000001'], everything: false };
      expect(await store.replaceState({ ...NOTHING_READ, begunAt: MORNING, wanted })).toBe(true);
      expect(await store.readState()).toEqual({ revision: 1, isUnfinished: true, begunAt: MORNING, wanted });
      expect(await store.replaceState({ revision: 1, isUnfinished: false })).toBe(true);
      expect(await store.readState()).toEqual({ revision: 2, isUnfinished: false });
    });

    it('stores nothing on a state that was replaced meanwhile', async () => {
      await store.replaceState({ ...NOTHING_READ, begunAt: MORNING });
      expect(await store.replaceState({ ...NOTHING_READ, isUnfinished: false })).toBe(false);
      expect(await store.readState()).toMatchObject({ revision: 1, begunAt: MORNING, isUnfinished: true });
    });

    it.each([
      ['of nothing', { accounts: [], units: [], permissionSets: [] }],
      ['of an ordinary organization', organizationOf(40)],
      ['that does not fit one item', organizationOf(60_000)],
    ])('gives back content %s as it was put', { timeout: 60_000 }, async (_, content) => {
      const version = await store.put('organization', content, MORNING);
      expect(await store.read('organization', version)).toEqual(content);
    });

    it('gives the same content the same version, in whatever order its fields are', async () => {
      const version = await store.put('organization', organizationOf(3), MORNING);
      const { units, permissionSets, accounts } = organizationOf(3);
      expect(await store.put('organization', { units, permissionSets, accounts }, addSeconds(MORNING, 5))).toBe(
        version,
      );
      expect(await store.put('organization', organizationOf(4), MORNING)).not.toBe(version);
    });

    it('keeps groups and notes beside it', async () => {
      const groups = [{ id: 'g-1', name: 'payments-leads' }];
      const notes = { ...EMPTY_NOTES, groups: { readAt: MORNING, found: groups } };
      const versions = [await store.put('groups', groups, MORNING), await store.put('notes', notes, MORNING)] as const;
      expect(await store.read('groups', versions[0])).toEqual(groups);
      expect(await store.read('notes', versions[1])).toEqual(notes);
    });

    it('throws a fault for a version that is not there, and for one that is something else', async () => {
      await expect(store.read('organization', 'f00d')).rejects.toMatchObject({
        name: 'ServiceFault',
        code: 'PieceMissing',
      });
      const version = await store.put('groups', [{ id: 'g-1', name: 'payments-leads' }], MORNING);
      await expect(store.read('organization', version)).rejects.toMatchObject({ code: 'UnknownShape' });
    });

    it('discards what is not kept and was not put lately, and nothing else', async () => {
      const old = await store.put('organization', organizationOf(3), MORNING);
      const kept = await store.put('organization', organizationOf(4), MORNING);
      const again = await store.put('organization', organizationOf(5), MORNING);
      const later = addSeconds(MORNING, 3600);
      await store.put('organization', organizationOf(5), later);
      const young = await store.put('organization', organizationOf(6), later);
      await store.replaceState({ ...NOTHING_READ, begunAt: MORNING });
      expect(await store.discard([kept], later)).toBe(1);
      await expect(store.read('organization', old)).rejects.toMatchObject({ code: 'PieceMissing' });
      for (const version of [kept, again, young]) expect(await store.read('organization', version)).toBeDefined();
      expect(await store.readState()).toMatchObject({ begunAt: MORNING });
    });
  });
};
