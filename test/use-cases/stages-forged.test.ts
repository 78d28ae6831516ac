/** Votes that somebody only wrote into the table: no access without what every stage asks. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { beginGrant } from '../../lambda/use-cases/begin-grant.ts';
import { GROUPS, type Name, PEOPLE } from './small-policy.ts';
import { at, type SmallWorld } from './small-world.ts';
import { stagedWorld } from './staged-world.ts';
import { convergeWoken, granted, readRequest, submit } from './story.ts';

describe('forged in the store', () => {
  const forged = async (small: SmallWorld, votes: readonly (readonly [Name, number])[], change: object = {}) => {
    const before = granted(await submit(small));
    const { expiresAt: _, ...base } = { expiresAt: undefined, ...before };
    const cast = votes.map(([name, stage]) => ({ stage, approver: PEOPLE[name], choice: 'approve', at: at('09:00') }));
    const after = {
      ...base,
      status: 'scheduled',
      startsAt: small.clock.now(),
      votes: cast,
      ...change,
    } as AccessRequest;
    await small.truth.commit({ requests: [{ before, after, events: [] }] });
    granted(await beginGrant(small.world, before.id));
    await convergeWoken(small);
    return readRequest(small, before.id);
  };

  it.each([
    [
      'both votes in the first stage',
      [
        ['leo', 0],
        ['lea', 0],
      ],
      {},
      /stage 2 of the rule "production" needs 1 approval\(s\) and has 0/,
    ],
    [
      'the second stage alone',
      [
        ['sam', 1],
        ['bob', 1],
      ],
      {},
      /stage 1 of the rule "production" needs 1 approval\(s\) and has 0/,
    ],
    [
      'one person in both',
      [
        ['leo', 0],
        ['leo', 1],
      ],
      {},
      /stage 2 of the rule .* has 0/,
    ],
    [
      'the requester in one',
      [
        ['leo', 0],
        ['ann', 1],
      ],
      {},
      /stage 2 of the rule .* has 0/,
    ],
    [
      'stages that are not there',
      [
        ['leo', 0],
        ['sam', 2],
      ],
      {},
      /stage 2 of the rule .* has 0/,
    ],
    [
      'a rule of one stage',
      [['leo', 0]],
      { approval: [{ required: 1, groups: [GROUPS.leads] }] },
      /stage 2 of the rule .* has 0/,
    ],
  ] as const)('%s: not granted', async (_what, votes, change, reason) => {
    const small = stagedWorld();
    expect(await forged(small, votes, change)).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(reason),
    });
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('one of each stage: granted, so that the others fail for what they lack', async () => {
    expect(
      await forged(stagedWorld(), [
        ['leo', 0],
        ['sam', 1],
      ]),
    ).toMatchObject({ status: 'active' });
  });
});
