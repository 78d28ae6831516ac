/** What the counted things cost at list prices: only prices that have a source and a date. */
import { fixed, table } from './report.ts';

/** US dollars, US East (N. Virginia), without the free tiers. */
const PRICES = {
  /** aws.amazon.com/step-functions/pricing, Standard workflows; noted 2026-11-22. Each state entered is a transition. */
  stateTransition: 0.025 / 1_000,
  /** AWS whitepaper "How AWS Pricing Works", section Lambda; looked up 2026-11-23. */
  lambdaRequest: 0.2 / 1_000_000,
  /** Arm, first tier: cloudchipr.com/blog/aws-lambda-pricing (2024), quoting AWS; looked up 2026-11-23. */
  lambdaGigabyteSecond: 0.0000133334,
  /** REST API, first tier: AWS whitepaper "Best Practices for Designing Amazon API Gateway Private APIs", table 4; looked up 2026-11-23. */
  apiCall: 3.5 / 1_000_000,
} as const;

/** As `lib/functions.ts` deploys them, gigabytes. */
const MEMORY = { api: 1, workflow: 0.5, converge: 0.5 } as const;

export interface Counted {
  readonly states: number;
  readonly rivalStates: number;
  readonly invocations: number;
  readonly rivalInvocations: number;
  readonly apiCalls: number;
  /** For one request, in this run. */
  readonly busyMs: Readonly<Record<keyof typeof MEMORY, number>>;
}

const REQUESTS = 1_000;
const dollars = (amount: number): string => `$${fixed(amount * REQUESTS, 4)}`;

export const costTable = (counted: Counted): string => {
  const gigabyteSeconds = (Object.keys(MEMORY) as (keyof typeof MEMORY)[]).reduce(
    (sum, kind) => sum + (counted.busyMs[kind] / 1000) * MEMORY[kind],
    0,
  );
  const rivalKnown = counted.rivalStates * PRICES.stateTransition + counted.rivalInvocations * PRICES.lambdaRequest;
  const known = counted.states * PRICES.stateTransition + counted.invocations * PRICES.lambdaRequest;
  return table(
    ['1,000 requests', 'Brevet', 'best known rival'],
    [
      [
        'Step Functions, state transitions',
        dollars(counted.states * PRICES.stateTransition),
        dollars(counted.rivalStates * PRICES.stateTransition),
      ],
      [
        'Lambda, requests',
        dollars(counted.invocations * PRICES.lambdaRequest),
        dollars(counted.rivalInvocations * PRICES.lambdaRequest),
      ],
      ['**both together**', dollars(known), dollars(rivalKnown)],
      [
        `Lambda, time (${fixed(gigabyteSeconds, 2)} GB-s a request on this machine)`,
        dollars(gigabyteSeconds * PRICES.lambdaGigabyteSecond),
        'not counted',
      ],
      ['API Gateway, asking and approving', dollars(counted.apiCalls * PRICES.apiCall), 'not counted'],
    ],
  );
};
