/** A proposed policy looked at for everybody: counted first, and by whom; what is told then, and how much of it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import type { CheckLimits } from '../../lambda/use-cases/world.ts';
import { changedText, check, policyContent, readOnce } from './checking.ts';
import { ACCOUNTS, GLASS_POLICY_TEXT, GROUPS, PEOPLE, PERMISSION_SETS, POLICY_TEXT } from './small-policy.ts';
import { at, type SmallWorld, smallWorld } from './small-world.ts';

let small: SmallWorld;
beforeEach(() => {
  small = smallWorld();
  readOnce(small);
});

const ask = (text = POLICY_TEXT, limits: Partial<CheckLimits> = {}, more: Partial<Parameters<typeof check>[1]> = {}) =>
  check(small, { content: policyContent(text), everybody: true, ...more }, limits);

/** Asked for, counted, and asked for again. */
const looked = async (...args: Parameters<typeof ask>) => {
  expect(await ask(...args)).toMatchObject({ refused: 'people_being_counted' });
  await small.counting.count();
  const checked = await ask(...args);
  if (isRefusal(checked)) throw new Error(`${checked.refused}: ${checked.detail}`);
  return checked;
};

const everybody = async (...args: Parameters<typeof ask>) => {
  const { everybody: found } = await looked(...args);
  if (!found) throw new Error('nobody was compared');
  return found;
};

describe('everybody is counted', () => {
  it('where nobody was: what is asked for are the groups of both policies of which anything is said by who is in them', async () => {
    const text = GLASS_POLICY_TEXT.replaceAll('groups: [seconds, leads]', 'groups: [auditors]');
    expect(await ask(text)).toMatchObject({
      refused: 'people_being_counted',
      facts: { people: 0, groups: 0, groupsInAll: small.counting.begun[0]?.length },
    });
    const ids = ['engineers', 'leads', 'seconds', 'auditors'].map((name) => `group-${name}`);
    expect([...(small.counting.begun[0] ?? [])].sort()).toEqual(ids.sort());
  });

  it('and not once more while they are, by whomever: how far it came is told', async () => {
    const { census } = small.counting;
    const progress = { people: 12, groups: 3, groupsInAll: 7 };
    await census.replaceState({ revision: 0, run: { id: 'one', until: at('09:02'), progress } });
    const refused = await ask();
    expect(refused).toMatchObject({ refused: 'people_being_counted', facts: progress });
    expect(isRefusal(refused) && refused.detail).toContain('12 people so far, and the members of 3 of 7 groups');
    expect(small.counting.begun).toEqual([]);
    small.clock.advance(120);
    await ask();
    expect(small.counting.begun).toHaveLength(1);
  });

  it('nor for a minute after that failed: why is told', async () => {
    const { census } = small.counting;
    await census.replaceState({ revision: 0, failed: { at: at('09:00'), why: 'out-of-time' } });
    small.clock.advance(59);
    const refused = await ask();
    expect(refused).toMatchObject({ refused: 'people_not_counted', facts: { why: 'out-of-time' } });
    expect(isRefusal(refused) && refused.detail).toContain('It took longer than a count may take');
    expect(small.counting.begun).toEqual([]);
    small.clock.advance(1);
    expect(await ask()).toMatchObject({ refused: 'people_being_counted' });
    expect(small.counting.begun).toHaveLength(1);
  });

  it('anew once ten minutes have passed since, and for a group that was not counted', async () => {
    await looked();
    expect(isRefusal(await ask())).toBe(false);
    const another = changedText('approval: { groups: [leads] }', 'approval: { groups: [auditors] }');
    expect(await ask(another)).toMatchObject({ refused: 'people_being_counted' });
    expect(small.counting.begun.at(-1)).toContain(GROUPS.auditors.id);
    await small.counting.count();
    expect(isRefusal(await ask(another))).toBe(false);
    small.clock.advance(10 * 60);
    expect(await ask()).toMatchObject({ refused: 'people_being_counted' });
  });

  it('for both of two who look at policies with other groups, so that neither has the other wait for ever', async () => {
    const [one, two] = ['auditors', 'administrators'].map((group) =>
      changedText('approval: { groups: [leads] }', `approval: { groups: [${group}] }`),
    );
    await looked(one);
    expect(await ask(two)).toMatchObject({ refused: 'people_being_counted' });
    await small.counting.count();
    expect(isRefusal(await ask(two))).toBe(false);
    expect(isRefusal(await ask(one))).toBe(false);
    // As far as there is room.
    const three = changedText('approval: { groups: [leads] }', 'approval: { groups: [nobody-is-here, auditors] }');
    const [, first = []] = small.counting.begun;
    small.clock.advance(1);
    await small.counting.census.replaceState({
      ...(await small.counting.census.readState()),
      taken: {
        version: await small.counting.census.put({ people: [], members: { some: [], more: [] } }, at('09:00')),
        asOf: at('09:00'),
        goodUntil: at('09:10'),
      },
    });
    await ask(three, { policyCheckGroups: first.length });
    expect(small.counting.begun.at(-1)).toHaveLength(first.length);
  });

  it('is not begun for whoever names somebody who is not there', async () => {
    expect(await ask(POLICY_TEXT, {}, { people: ['ann', 'annn'] })).toMatchObject({ refused: 'person_unknown' });
    expect(small.counting.begun).toEqual([]);
    expect(await ask(POLICY_TEXT, {}, { people: ['ann'] })).toMatchObject({ refused: 'people_being_counted' });
  });

  it('is never asked for by whoever may not see policies, nor for what fits no policy, nor where nobody asked for everybody', async () => {
    expect(await ask(POLICY_TEXT, {}, { caller: PEOPLE.lea })).toMatchObject({ refused: 'not_permitted' });
    expect(isRefusal(await ask(POLICY_TEXT, {}, { content: { version: 9 } }))).toBe(false);
    const without = await ask(POLICY_TEXT, {}, { everybody: false });
    expect(without).not.toHaveProperty('everybody');
    expect(small.counting.begun).toEqual([]);
  });

  it('is refused over the limit of groups, and of pairs, before anything is asked for', async () => {
    expect(await ask(POLICY_TEXT, { policyCheckGroups: 2 })).toMatchObject({
      refused: 'check_too_large',
      facts: { maximum: 2 },
    });
    await small.counting.count();
    expect(await ask(POLICY_TEXT, { policyCheckGroups: 4 })).toMatchObject({ refused: 'people_being_counted' });
    await small.counting.count();
    expect(await ask(POLICY_TEXT, { policyCheckPairs: 1 })).toMatchObject({ refused: 'check_too_large' });
  });
});

describe('for everybody is told', () => {
  it('nothing, where nothing changes, and as of when', async () => {
    small.clock.advance(60);
    expect(await everybody()).toEqual({
      asOf: at('09:01'),
      people: Object.keys(PEOPLE).length,
      ...{ concerned: 0, differences: [], changesLeftOut: 0, isWhole: true },
    });
  });

  it('what changes for whom, together where it is the same', async () => {
    const found = await everybody(changedText('max_duration: 8h', 'max_duration: 2h'));
    expect(found).toMatchObject({ concerned: 4, changesLeftOut: 0, isWhole: true });
    expect(found.differences).toHaveLength(1);
    const [difference] = found.differences;
    expect(difference?.people.map(({ userName }) => userName)).toEqual(['ann', 'bob', 'dis', 'lea']);
    expect(difference).toMatchObject({ count: 4, changes: [{ kind: 'changes', after: { account: 'sandbox' } }] });
  });

  it('the first twenty of many by name, with how many they are', async () => {
    const many = Array.from({ length: 30 }, (_, index) => ({
      ...{ ...PEOPLE.eve, id: `id-${index}`, userName: `many-${99 - index}` },
    }));
    const { census } = small.counting;
    await ask();
    const members = Object.fromEntries((small.counting.begun[0] ?? []).map((id) => [id, [] as number[]]));
    const taken = await census.put(
      { people: many, members: { ...members, [GROUPS.engineers.id]: many.map((_, at_) => at_) } },
      at('09:00'),
    );
    await census.replaceState({ revision: 0, taken: { version: taken, asOf: at('09:00'), goodUntil: at('09:10') } });
    const checked = await ask(changedText('max_duration: 8h', 'max_duration: 2h'));
    if (isRefusal(checked)) throw new Error(checked.detail);
    expect(checked.everybody).toMatchObject({ people: 30, concerned: 30, differences: [{ count: 30 }] });
    expect(checked.everybody?.differences[0]?.people.map(({ userName }) => userName)).toEqual(
      many
        .map(({ userName }) => userName)
        .sort()
        .slice(0, 20),
    );
  });

  it('so many changes one by one, and how many more there are; whom they concern is told of all', async () => {
    const [account] = Object.values(ACCOUNTS);
    if (!account) throw new Error('no account');
    const accounts = Array.from({ length: 600 }, (_, index) => ({
      ...account,
      ...{ id: String(500000000000 + index), name: `many-${index}`, ouPath: 'Sandbox', tags: {} },
    }));
    const units = ['Workloads', 'Workloads/Payments', 'Workloads/Storefront', 'Sandbox'];
    const permissionSets = Object.values(PERMISSION_SETS).map((one) => ({ ...one, tags: {} }));
    small.catalogue.publish({ asOf: at('09:00'), accounts, units, permissionSets });
    // Of the very last account, so that it comes after all that is told.
    const ofEve = `  - name: for-eve
    who: { users: [eve] }
    what: { accounts: { names: [many-99] }, permission_sets: [Database] }
    max_duration: 1h
    approval: none
`;
    const found = await everybody(changedText('max_duration: 8h', 'max_duration: 2h') + ofEve);
    expect(found.differences.flatMap(({ changes }) => changes)).toHaveLength(500);
    expect(found.differences).toHaveLength(1);
    expect(found).toMatchObject({ concerned: 5, changesLeftOut: 101, isWhole: true });
  });

  it('that there may be more, where the time is used up', async () => {
    const found = await everybody(changedText('max_duration: 8h', 'max_duration: 2h'), { policyCheckSeconds: 0 });
    expect(found).toMatchObject({ differences: [], isWhole: false });
  });

  it('nothing where a pattern of the policy may search for ever: it is linted, and no more', async () => {
    const checked = await looked(changedText("'INC-\\d+'", "'(I+)+'"));
    expect(checked).not.toHaveProperty('everybody');
    expect(checked.findings.map(({ path }) => path)).toContain('entitlements.1.require.ticket_pattern');
  });
});

describe('lint by everybody', () => {
  const lint = async (text: string, isCounted: boolean) => {
    const checked = isCounted ? await looked(text) : await ask(text, {}, { everybody: false });
    if (isRefusal(checked)) throw new Error(checked.detail);
    return checked.findings.map(({ path, message }) => `${path}: ${message}`);
  };

  it.each([
    [
      'too few to approve',
      changedText('approval: { groups: [leads] }', 'approval: { groups: [leads], required: 3 }'),
      'entitlements.0.approval: it needs 3 approval(s), and 2 enabled person(s) could give one',
    ],
    [
      'a value of an attribute that nobody has',
      changedText('who: { groups: [engineers] }', 'who: { attributes: { department: [paiments] } }'),
      'entitlements.0.who.attributes.department: nothing has the attribute "department"',
    ],
  ])('finds %s, and without it does not', async (_what, text, finding) => {
    expect(await lint(text, true)).toContain(finding);
    expect(await lint(text, false)).not.toContain(finding);
  });

  it('looks those up by name who were not there when everybody was counted: what was mended is found no more', async () => {
    const asked: string[] = [];
    const { findByUserName } = small.world.directory;
    await looked();
    small.world.directory.findByUserName = async (name) => {
      asked.push(name);
      return findByUserName(name);
    };
    small.people.putPerson({ ...PEOPLE.eve, id: 'id-new', userName: 'newcomer' });
    const text = changedText(
      'who: { groups: [engineers] }',
      'who: { groups: [engineers], users: [ann, anne, newcomer] }',
    );
    const checked = await ask(text);
    expect(asked.sort()).toEqual(['anne', 'newcomer']);
    expect(checked).toMatchObject({ usersLeftOut: 0 });
    const messages = isRefusal(checked) ? [] : checked.findings.map(({ message }) => message);
    expect(messages).toContain('there is no user "anne", so this part is nobody; did you mean "ann"?');
    expect(messages.filter((message) => message.includes('newcomer'))).toEqual([]);
    // Over the limit of names it is told by the count.
    expect(await ask(text, { policyCheckUsers: 0 })).toMatchObject({ usersLeftOut: 0 });
  });
});
