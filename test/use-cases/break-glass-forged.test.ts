/** A broken glass that nobody broke, written straight into the table: it gives nothing. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { glassWorld, INCIDENT } from './glass-world.ts';
import { POLICY_TEXT, policyOf } from './small-policy.ts';
import { at, type SmallWorld, smallWorld } from './small-world.ts';
import { aMinuteLater, begun, convergeWoken, granted, readRequest, statusOf, submit } from './story.ts';

describe('a broken glass that somebody only wrote into the table', () => {
  const BY_HAND = {
    incident: 'INC-1',
    told: { groups: [], people: [] },
    reviewers: { groups: [], people: [] },
    reviewBy: at('12:00'),
  };

  /** As whoever could write the table alone would: nothing else is stored with it. */
  const forged = async (small: SmallWorld, request: AccessRequest): Promise<void> => {
    const written = {
      ...request,
      status: 'scheduled',
      startsAt: small.clock.now(),
      approval: [],
      breakGlass: BY_HAND,
    };
    await small.truth.commit({ requests: [{ before: request, after: written as AccessRequest, events: [] }] });
    await aMinuteLater(small);
  };

  it('is judged by the policy, which knows no break-glass', async () => {
    const small = smallWorld();
    const request = granted(await submit(small));
    await forged(small, request);
    expect(await statusOf(small, request)).toBe('failed');
  });

  it('gives nothing either where the policy does, since nobody was told and no alarm rings', async () => {
    const small = glassWorld();
    const request = granted(await submit(small));
    await forged(small, request);
    expect(await readRequest(small, request.id)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('nothing is recorded'),
    });
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('is not granted any more when the policy has changed meanwhile', async () => {
    const small = glassWorld();
    const request = await begun(small, INCIDENT);
    small.published.publish(policyOf(POLICY_TEXT));
    await convergeWoken(small);
    expect(await statusOf(small, request)).toBe('failed');
  });
});
