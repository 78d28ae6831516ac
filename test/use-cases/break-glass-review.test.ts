/** The review of a broken glass: by others, by who belongs to the groups now, and for whom it is listed until it is given. */
import { describe, expect, it } from 'vitest';
import { endRequest } from '../../lambda/use-cases/end-request.ts';
import { listRequests } from '../../lambda/use-cases/list-requests.ts';
import { showRequest } from '../../lambda/use-cases/show-request.ts';
import { acknowledging, breaking, broken, codeOf, glassWorld, INCIDENT, reviewing } from './glass-world.ts';
import { type Name, PEOPLE } from './small-policy.ts';
import { active, convergeWoken, granted } from './story.ts';

describe('the review', () => {
  it.each([
    ['ann', 'self_approval'],
    ['bob', 'not_permitted'],
    ['aud', 'not_permitted'],
    ['sam', 'scheduled'],
    ['leo', 'scheduled'],
    ['ada', 'scheduled'],
  ] as const)('by %s: %s', async (by, expected) => {
    const small = glassWorld();
    expect(codeOf(await reviewing(small, await broken(small), by))).toBe(expected);
  });

  it('goes by who belongs to the groups now, and never by oneself, though one leads', async () => {
    const small = glassWorld();
    const request = granted(await breaking(small, { by: 'lea' }));
    small.people.putGroup({ id: 'group-leads', name: 'leads', memberIds: [PEOPLE.lea.id] });
    expect(codeOf(await reviewing(small, request, 'leo'))).toBe('not_permitted');
    expect(codeOf(await reviewing(small, request, 'lea'))).toBe('self_approval');
    expect(codeOf(await acknowledging(small, request, 'lea'))).toBe('self_approval');
  });

  it('is listed for those whom it concerns until it is given, also when access is over', async () => {
    const small = glassWorld();
    const request = await active(small, INCIDENT);
    await endRequest(small.world, { caller: PEOPLE.ann, requestId: request.id });
    await convergeWoken(small);
    const seenBy = async (by: Name) => {
      const page = await listRequests(small.world, { caller: PEOPLE[by], view: 'break-glass' });
      return typeof page === 'object' && 'items' in page ? page.items.map(({ youMay }) => youMay) : page;
    };
    expect(await seenBy('sam')).toEqual([['acknowledge', 'review']]);
    expect(await seenBy('leo')).toEqual([['acknowledge', 'review']]);
    expect(await seenBy('aud')).toEqual([[]]);
    expect(await seenBy('ann')).toEqual([[]]);
    expect(await seenBy('eve')).toEqual([]);
    granted(await reviewing(small, request, 'sam'));
    expect(await seenBy('sam')).toEqual([]);
    expect(await showRequest(small.world, { caller: PEOPLE.sam, requestId: request.id })).toMatchObject({
      request: { breakGlass: { review: { outcome: 'justified', by: { id: 'id-sam' } } } },
    });
    expect(await showRequest(small.world, { caller: PEOPLE.eve, requestId: request.id })).toMatchObject({
      refused: 'request_unknown',
    });
  });
});
