// How fast the stand-in is: how long asynchronous writes take, and how many requests AWS bears. Adjustable while it runs.
import * as z from 'zod';
import type { ServiceName } from './service.ts';

export const paceSettings = z.strictObject({
  /** How long an asynchronous write is in progress. */
  latencyMs: z
    .strictObject({ min: z.number().min(0), max: z.number().min(0) })
    .refine(({ min, max }) => min <= max, 'min must not be above max'),
  /** Of all sso-admin calls together; null is no limit. */
  requestsPerSecond: z.number().positive().nullable(),
  /** Asynchronous writes in progress at once; null is no limit. */
  outstandingLimit: z.int().positive().nullable(),
  /** Whether the quotas of Organizations and of the Identity Store hold. */
  directoryQuotas: z.boolean(),
  /** Lists answer at most so many items a page, whatever was asked: AWS may do so at any time. null is no cap. */
  pageSizeCap: z.int().positive().nullable(),
});

export type PaceSettings = z.infer<typeof paceSettings>;

const REALISTIC: PaceSettings = {
  latencyMs: { min: 2_000, max: 8_000 },
  requestsPerSecond: 20,
  outstandingLimit: 15,
  directoryQuotas: true,
  pageSizeCap: null,
};

const QUICK: PaceSettings = {
  latencyMs: { min: 50, max: 50 },
  requestsPerSecond: null,
  outstandingLimit: null,
  directoryQuotas: false,
  pageSizeCap: null,
};

export interface Pace {
  readonly settings: PaceSettings;
  change(changes: Partial<PaceSettings>): void;
  /** Whether a call is within AWS's rate; counts it if it is. */
  admits(service: ServiceName, operation: string): boolean;
  /** How long the next asynchronous write will take. */
  latencyMs(): number;
}

export interface PaceOptions {
  readonly mode: 'realistic' | 'quick';
  readonly nowMs: () => number;
  readonly random: () => number;
}

interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html; operations not named here are not limited. */
const ORGANIZATIONS_RATES: Readonly<Record<string, Rate>> = {
  ListAccounts: { perSecond: 8, burst: 12 },
  ListAccountsForParent: { perSecond: 5, burst: 8 },
  ListTagsForResource: { perSecond: 10, burst: 15 },
  DescribeAccount: { perSecond: 20, burst: 30 },
};

const IDENTITY_STORE_RATE: Rate = { perSecond: 20, burst: 20 };

export const createPace = ({ mode, nowMs, random }: PaceOptions): Pace => {
  let settings = mode === 'realistic' ? REALISTIC : QUICK;
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  const take = (name: string, { perSecond, burst }: Rate): boolean => {
    const atMs = nowMs();
    const before = buckets.get(name) ?? { tokens: burst, atMs };
    const tokens = Math.min(burst, before.tokens + ((atMs - before.atMs) / 1000) * perSecond);
    const admitted = tokens >= 1;
    buckets.set(name, { tokens: admitted ? tokens - 1 : tokens, atMs });
    return admitted;
  };
  return {
    get settings() {
      return settings;
    },
    change: (changes) => {
      settings = { ...settings, ...changes };
      buckets.clear();
    },
    admits: (service, operation) => {
      const limit = limitOf(settings, service, operation);
      return limit === undefined || take(limit.bucket, limit.rate);
    },
    latencyMs: () => settings.latencyMs.min + random() * (settings.latencyMs.max - settings.latencyMs.min),
  };
};

const limitOf = (
  { requestsPerSecond, directoryQuotas }: PaceSettings,
  service: ServiceName,
  operation: string,
): { bucket: string; rate: Rate } | undefined => {
  if (service === 'sso-admin') {
    return requestsPerSecond === null
      ? undefined
      : { bucket: service, rate: { perSecond: requestsPerSecond, burst: requestsPerSecond } };
  }
  const rate = directoryQuotas ? directoryRate(service, operation) : undefined;
  return rate && { bucket: `${service} ${operation}`, rate };
};

/** Step Functions bears hundreds of these calls a second, more than one machine makes. */
const directoryRate = (service: ServiceName, operation: string): Rate | undefined => {
  if (service === 'identitystore') return IDENTITY_STORE_RATE;
  return service === 'organizations' ? ORGANIZATIONS_RATES[operation] : undefined;
};
