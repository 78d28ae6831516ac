/** The notes from one reading to the next: what is due, and what may be published of it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account, PermissionSet } from '../../lambda/domain/policy/facts.ts';
import {
  detailsDue,
  drawCatalogue,
  EMPTY_NOTES,
  isListDue,
  knowsPermissionSets,
  type SurveyNotes,
  withAccounts,
  withDetails,
  withGroups,
  withReach,
} from '../../lambda/domain/survey-notes.ts';
import { addSeconds, type Instant, instant } from '../../lambda/domain/time.ts';

const NOON = instant(Date.parse('2026-11-23T12:00:00Z'));
const ago = (seconds: number) => addSeconds(NOON, -seconds);
const DAY = 86_400;

const account = (id: string): Account => ({ id, name: `account ${id}`, ouPath: 'Workloads', active: true });
const set = (arn: string): PermissionSet => ({ arn, name: `set ${arn}`, sessionSeconds: 3600, tags: { a: 'b' } });

const notesOf = (ids: readonly string[], arns: readonly string[], readAt: Instant = NOON): SurveyNotes =>
  withReach(
    withAccounts(EMPTY_NOTES, { found: ids.map(account), units: ['Workloads'] }, readAt),
    { arns, outOfReach: [] },
    readAt,
  );

const tagged = (notes: SurveyNotes, accountId: string, readAt: Instant): SurveyNotes =>
  withDetails(notes, [{ kind: 'tags', accountId, tags: { team: accountId }, readAt }]);

describe('details that are due', () => {
  it('are all of them at first, permission sets before tags', () => {
    expect(detailsDue(notesOf(['1', '2'], ['a']), NOON, undefined)).toEqual([
      { kind: 'permission-set', key: 'a' },
      { kind: 'tags', key: '1' },
      { kind: 'tags', key: '2' },
    ]);
  });

  it('are what was never read, then what events told of, then the oldest', () => {
    let notes = notesOf(['old', 'older', 'told', 'new', 'recent'], []);
    for (const [id, seconds] of [
      ['old', 1300],
      ['older', 1400],
      ['told', 60],
      ['recent', 1199],
    ] as const) {
      notes = tagged(notes, id, ago(seconds));
    }
    const wanted = { at: ago(30), resources: ['told', 'unheard of'], everything: false };
    expect(detailsDue(notes, NOON, wanted).map(({ key }) => key)).toEqual(['new', 'told', 'older', 'old']);
  });

  it('are not told of again once they were read after the event', () => {
    const notes = tagged(notesOf(['1'], []), '1', ago(20));
    expect(detailsDue(notes, NOON, { at: ago(30), resources: ['1'], everything: false })).toEqual([]);
    expect(detailsDue(notes, NOON, { at: ago(10), resources: [], everything: true })).toHaveLength(1);
  });

  it('are told of when they were read at the moment of the event', () => {
    const notes = tagged(notesOf(['1'], []), '1', ago(20));
    expect(detailsDue(notes, NOON, { at: ago(20), resources: ['1'], everything: false })).toHaveLength(1);
  });

  it('are those of twenty minutes ago where no event came, and none where nothing was listed', () => {
    const notes = tagged(tagged(notesOf(['1', '2'], []), '1', ago(1200)), '2', ago(1199));
    expect(detailsDue(notes, NOON, undefined)).toEqual([{ kind: 'tags', key: '1' }]);
    expect(detailsDue(EMPTY_NOTES, NOON, undefined)).toEqual([]);
  });
});

it.each([
  ['was never read', undefined, undefined, true],
  ['is old', ago(840), undefined, true],
  ['is recent', ago(839), undefined, false],
  ['is recent, and an event came since', ago(60), ago(30), true],
  ['is recent, and an event came at the same moment', ago(60), ago(60), true],
  ['is recent, and an event came before', ago(60), ago(90), false],
])('a list that %s', (_, readAt, at, isDue) => {
  const wanted = at && { at, resources: [], everything: false };
  expect(isListDue(readAt && { readAt }, NOON, wanted)).toBe(isDue);
});

describe('the notes', () => {
  const full = withDetails(tagged(tagged(notesOf(['1', '2'], ['a', 'b']), '1', NOON), '2', NOON), [
    { kind: 'permission-set', found: set('a'), readAt: NOON },
    { kind: 'permission-set', found: set('b'), readAt: NOON },
  ]);

  it('keep what belongs to what is still listed, and that alone', () => {
    const without = withAccounts(full, { found: [account('2'), account('3')], units: [] }, NOON);
    expect(without.tags).toStrictEqual({ '2': { readAt: NOON, tags: { team: '2' } } });
    const less = withReach(full, { arns: ['b'], outOfReach: [] }, NOON);
    expect(less.permissionSets).toStrictEqual({ b: { readAt: NOON, found: set('b') } });
  });

  it('forget a permission set that is gone, and nothing else', () => {
    expect(withDetails(full, [{ kind: 'gone', arn: 'b' }])).toStrictEqual({
      ...full,
      reach: { readAt: NOON, arns: ['a'], outOfReach: [] },
      permissionSets: { a: { readAt: NOON, found: set('a') } },
    });
  });

  it('take tags for tags alone', () => {
    expect(Object.keys(full.tags)).toEqual(['1', '2']);
  });

  it('have the groups with when they were read, beside what they had', () => {
    const found = [{ id: 'group-leads', name: 'leads' }];
    expect(withGroups(full, found, ago(30))).toStrictEqual({ ...full, groups: { readAt: ago(30), found } });
  });
});

describe('what is published', () => {
  it('is nothing until accounts and permission sets were listed', () => {
    expect(drawCatalogue(EMPTY_NOTES, NOON, DAY)).toBeUndefined();
    expect(drawCatalogue(withAccounts(EMPTY_NOTES, { found: [], units: [] }, NOON), NOON, DAY)).toBeUndefined();
    expect(drawCatalogue(withGroups(EMPTY_NOTES, [], NOON), NOON, DAY)).toBeUndefined();
  });

  it('is as old as the oldest fact in it', () => {
    const notes = tagged(tagged(notesOf(['1', '2'], [], ago(60)), '1', ago(3000)), '2', ago(10));
    expect(drawCatalogue(notes, NOON, DAY)?.asOf).toBe(ago(3000));
  });

  it('has no tags for an account whose tags are not known, or known from too long ago', () => {
    const notes = tagged(tagged(notesOf(['1', '2', '3'], [], NOON), '1', ago(DAY)), '2', ago(DAY - 1));
    const drawn = drawCatalogue(notes, NOON, DAY);
    expect(drawn?.content.accounts).toEqual([account('1'), { ...account('2'), tags: { team: '2' } }, account('3')]);
    expect(drawn?.asOf).toBe(ago(DAY - 1));
  });

  it('says which permission sets cannot be assigned from here', () => {
    const reach = { arns: ['a', 'b'], outOfReach: ['b', 'c'] };
    const listed = withReach(notesOf([], []), reach, NOON);
    const notes = withDetails(
      listed,
      ['a', 'b'].map((arn) => ({ kind: 'permission-set' as const, found: set(arn), readAt: NOON })),
    );
    expect(drawCatalogue(notes, NOON, DAY)?.content.permissionSets).toEqual([
      set('a'),
      { ...set('b'), outOfReach: 'provisioned-in-management-account' },
    ]);
  });

  it('has no permission set of which nothing but the ARN is known, or known from too long ago', () => {
    const notes = withDetails(notesOf([], ['a', 'b', 'c']), [
      { kind: 'permission-set', found: set('b'), readAt: ago(DAY) },
      { kind: 'permission-set', found: set('c'), readAt: ago(DAY - 1) },
    ]);
    expect(drawCatalogue(notes, NOON, DAY)?.content.permissionSets).toEqual([set('c')]);
  });

  it('waits for permission sets of which only the ARN is known', () => {
    const notes = notesOf([], ['a', 'b']);
    const one = withDetails(notes, [{ kind: 'permission-set', found: set('a'), readAt: NOON }]);
    expect([EMPTY_NOTES, notes, one].map(knowsPermissionSets)).toEqual([false, false, false]);
    expect(knowsPermissionSets(withDetails(one, [{ kind: 'gone', arn: 'b' }]))).toBe(true);
  });

  it('forgets the tags of accounts that left, so that nobody inherits them', () => {
    const notes = tagged(notesOf(['1', '2'], []), '1', NOON);
    const without = withAccounts(notes, { found: [account('2')], units: [] }, NOON);
    const back = withAccounts(without, { found: [account('1'), account('2')], units: [] }, NOON);
    expect(drawCatalogue(back, NOON, DAY)?.content.accounts).toEqual([account('1'), account('2')]);
  });

  const arbitraryNotes = fc
    .array(fc.record({ id: fc.integer({ min: 1, max: 9 }).map(String), age: fc.integer({ min: 0, max: 2 * DAY }) }))
    .map((read) => read.reduce((notes, { id, age }) => tagged(notes, id, ago(age)), notesOf(['1', '2', '3'], [])));

  it('law: every tag in it was read, after its own age and within what is believed', () => {
    fc.assert(
      fc.property(arbitraryNotes, (notes) => {
        const drawn = drawCatalogue(notes, NOON, DAY);
        for (const { id, tags } of drawn?.content.accounts ?? []) {
          const readAt = notes.tags[id]?.readAt;
          expect(tags !== undefined).toBe(readAt !== undefined && readAt > ago(DAY));
          if (tags) expect(drawn?.asOf).toBeLessThanOrEqual(readAt ?? 0);
        }
      }),
    );
  });
});
