/** The rota of the local service: answered as the adapter asks, out of the seed. */
import { describe, expect, it } from 'vitest';
import { onCallAnswer } from '../../lambda/contract/on-call.ts';
import { createOnCall } from '../../local/on-call.ts';
import { readSeed } from '../../local/seed/seed.ts';

const answer = createOnCall(await readSeed('local/seed/organization.yaml'));

describe('the rota of the local service', () => {
  it('names those of the seed by their e-mail', () => {
    const { status, body = '' } = answer('GET', '/on-call/primary') ?? {};
    expect(status).toBe(200);
    expect(onCallAnswer.parse(JSON.parse(body))).toEqual({ onCall: [{ email: 'kenji@example.com' }] });
  });

  it.each([
    ['GET', '/on-call/none', 404],
    ['GET', '/on-call/', 404],
    ['POST', '/on-call/primary', 405],
    ['GET', '/on-call', undefined],
    ['GET', '/_stand-in/faults', undefined],
  ])('%s %s: %s', (method, url, status) => {
    expect(answer(method, url)?.status).toBe(status);
  });
});
