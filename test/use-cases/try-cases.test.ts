/** Cases of a proposed policy over the API: what they come to, with those counted who could approve or be told, for as long as there is time. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { PolicyCase } from '../../lambda/domain/policy/policy-case.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { OutOfTime, ServiceFault } from '../../lambda/ports/faults.ts';
import { CASE, check, policyContent, readOnce } from './checking.ts';
import { GLASS_POLICY_TEXT, POLICY_TEXT } from './small-policy.ts';
import { type SmallWorld, smallWorld } from './small-world.ts';

let small: SmallWorld;
beforeEach(() => {
  small = smallWorld();
  readOnce(small);
});

const DESERTED: PolicyCase = { ...CASE, target: 'payments-prod/Audit', for: 60 };
const GLASS: PolicyCase = { ...CASE, for: 60, break_glass: true, incident: 'INC-7' };

const tried = async (text: string, cases: readonly PolicyCase[], limits: Parameters<typeof check>[2] = {}) => {
  const checked = await check(small, { content: policyContent(text), cases }, limits);
  if (isRefusal(checked)) throw new Error(`${checked.refused}: ${checked.detail}`);
  return checked.cases;
};

/** Each question to the directory takes so long. */
const slowDirectory = (milliseconds: number): void => {
  const { directory, clock } = small.world;
  const { findGroup, recall } = directory;
  const after = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    await clock.sleep(milliseconds);
    return answer;
  };
  directory.findGroup = (name) => after(findGroup(name));
  directory.recall = (personId) => after(recall(personId));
};

describe('cases over the API', () => {
  it('come to what the proposed policy says: who passes, and what came instead', async () => {
    const text = POLICY_TEXT.replace('max_duration: 4h', 'max_duration: 30m');
    const cases = [
      { ...CASE, for: 1800, rule: 'production' },
      { ...CASE, name: 'too long' },
      { ...CASE, name: 'nobody', person: 'who' },
      { ...CASE, name: 'nowhere', target: 'elsewhere/Admin' },
      { ...CASE, name: 'not eligible', person: 'eve', expect: 'not_eligible' },
    ];
    expect(await tried(text, cases)).toEqual([
      { name: 'a case', passed: true, differences: [], isCounted: true },
      {
        name: 'too long',
        passed: false,
        isCounted: true,
        differences: ['expect: expected "allowed", got "duration_too_long"', expect.any(String)],
      },
      { name: 'nobody', passed: false, differences: ['the organization has nobody named "who"'], isCounted: true },
      { name: 'nowhere', passed: false, differences: ['the organization has no account "elsewhere"'], isCounted: true },
      { name: 'not eligible', passed: true, differences: [], isCounted: true },
    ]);
  });

  it('are refused for want of people, as asking is: nobody to approve, nobody to be told, whoever is disabled', async () => {
    const nobody = GLASS_POLICY_TEXT.replace('tell: { groups: [leads], users: [sam] }', 'tell: { users: [gone] }');
    const cases = [
      { ...DESERTED, expect: 'no_approver' },
      { ...CASE, person: 'dis', expect: 'caller_disabled' },
      { ...CASE, person: 'dis', target: 'payments-prod/Gone' },
    ];
    expect((await tried(POLICY_TEXT, cases)).map(({ differences }) => differences)).toEqual([
      [],
      [],
      ['the organization has no permission set "Gone"'],
    ]);
    expect((await tried(nobody, [{ ...GLASS, expect: 'nobody_to_tell' }]))[0]?.differences).toEqual([]);
    expect((await tried(GLASS_POLICY_TEXT, [GLASS]))[0]).toMatchObject({ passed: true, isCounted: true });
  });

  it('are not counted once half of the time is over, which is said; what needs nobody is certain all the same', async () => {
    slowDirectory(1000);
    const cases = [
      DESERTED,
      { ...DESERTED, expect: 'no_approver' },
      { ...CASE, person: 'eve', expect: 'not_eligible' },
      { ...CASE, target: 'sandbox/Admin' },
    ];
    const counted = async (policyCheckLookupSeconds: number) =>
      (await tried(POLICY_TEXT, cases, { policyCheckLookupSeconds })).map(({ passed, isCounted }) => [
        passed,
        isCounted,
      ]);
    expect(await counted(2)).toEqual([
      [true, false],
      [false, false],
      [true, true],
      [true, true],
    ]);
    expect(await counted(60)).toEqual([
      [false, true],
      [true, true],
      [true, true],
      [true, true],
    ]);
  });

  it('are not counted where a group is too large to read in the time, and no later one waits for it', async () => {
    const { directory, clock } = small.world;
    let listings = 0;
    directory.memberIds = async (_group, until) => {
      listings += 1;
      await clock.sleep(5000);
      if (until !== undefined && clock.now() >= until) throw new OutOfTime();
      return [];
    };
    const since = clock.now();
    const cases = await tried(POLICY_TEXT, [DESERTED, { ...DESERTED, person: 'bob' }], { policyCheckLookupSeconds: 6 });
    expect(cases.map(({ passed, isCounted }) => [passed, isCounted])).toEqual([
      [true, false],
      [true, false],
    ]);
    expect([listings, clock.now() - since]).toEqual([1, 5000]);
  });

  it('leave time for the user names of the policy', async () => {
    slowDirectory(1000);
    const text = POLICY_TEXT.replace('approval: { groups: [leads] }', 'approval: { groups: [leads], users: [ghost] }');
    const content = policyContent(text);
    const checked = await check(small, { content, cases: Array(50).fill(DESERTED) }, { policyCheckLookupSeconds: 8 });
    expect(checked).toMatchObject({
      usersLeftOut: 0,
      findings: expect.arrayContaining([expect.objectContaining({ message: expect.stringContaining('"ghost"') })]),
    });
  });

  it('fail as a whole where the directory does not answer', async () => {
    small.world.directory.failNext('memberIds');
    await expect(tried(POLICY_TEXT, [CASE])).rejects.toThrow(ServiceFault);
  });
});
