/** Throws at the API whatever its document allows, nearly allows, or would never allow, in sequences of several callers. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DOCUMENTED } from '../handlers/documented.ts';
import { anyCall, goodAsk } from './calls.ts';
import { type Step, whatIsWrongWith } from './run.ts';

/** Sequences; each has up to twenty steps. `npm run test:full` sets it to 10,000. */
const RUNS = Number(process.env.BREVET_FUZZ_RUNS ?? 400);
/** With fewer, chance may leave an operation out. */
const ENOUGH_RUNS = 400;
const MOST_MS_A_RUN = 5_000;

const asked: fc.Arbitrary<Step> = fc
  .constantFrom(
    goodAsk('AdministratorAccess'),
    goodAsk('ReadOnlyAccess'),
    goodAsk('AdministratorAccess', { breakGlass: { incident: 'INC-1' } }),
  )
  .map((call) => ({ kind: 'call', call }));
const called: fc.Arbitrary<Step> = anyCall.map((call) => ({ kind: 'call', call }));
const passed: fc.Arbitrary<Step> = fc
  .constantFrom(1, 6, 6, 70, 1900, 3700, 30_000)
  .map((seconds) => ({ kind: 'pass', seconds }));

/** Nobody gets far in an empty world: a few requests first, then anything. */
const sequence = fc
  .tuple(
    fc.array(asked, { minLength: 1, maxLength: 3, size: 'max' }),
    fc.constantFrom<Step[]>([], [{ kind: 'pass', seconds: 6 }]),
    fc.array(fc.oneof({ weight: 6, arbitrary: called }, { weight: 1, arbitrary: passed }), {
      minLength: 1,
      maxLength: 16,
      size: 'max',
    }),
  )
  .map((parts) => parts.flat());

test(
  'no call is answered with a 5xx or an undocumented code, hangs, or leaves something behind when it is refused',
  async () => {
    const granted = new Set<string>();
    const seen = (operationId: string, code: string): void => {
      if (code === 'granted') granted.add(operationId);
    };
    await fc.assert(
      fc.asyncProperty(sequence, async (steps) => {
        expect(await whatIsWrongWith(steps, seen)).toBeUndefined();
      }),
      { numRuns: RUNS, timeout: MOST_MS_A_RUN },
    );
    // Whoever is only ever refused has not been tried.
    if (RUNS >= ENOUGH_RUNS)
      expect([...granted].sort()).toEqual(DOCUMENTED.map(({ operationId }) => operationId).sort());
  },
  30_000 + RUNS * 50,
);
