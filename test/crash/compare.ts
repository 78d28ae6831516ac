/** Compares Identity Center with the ledger, both asked with the SDK: what stands there, and who holds it here. */
import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { paginateListAccountAssignments, SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { createDynamoLedger } from '../../lambda/adapters/dynamo-ledger.ts';
import { createSystemClock } from '../../lambda/adapters/system-clock.ts';
import { verifyChains } from '../../lambda/contract/audit-chain.ts';
import { type AccessRequest, isOpen } from '../../lambda/domain/access-request.ts';
import type { AuditEvent } from '../../lambda/domain/audit-event.ts';
import { isIdle, leaseIdOf } from '../../lambda/domain/lease.ts';
import { deploymentOf } from '../../local/deployment.ts';
import type { Seed } from '../../local/seed/seed.ts';
import type { Place } from './load.ts';

export interface Comparison {
  /** Assignments that nobody holds, with how long ago the last who held them ended; infinity when nobody ever did. */
  readonly unheld: readonly { readonly key: string; readonly lateMs: number }[];
  /** Assignments that somebody holds. */
  readonly held: number;
  /** Standing assignments that are not there any more. */
  readonly missing: readonly string[];
  readonly open: readonly AccessRequest[];
}

export interface Comparer {
  /** Learns what stands before anything was asked for. */
  learnStanding(): Promise<void>;
  /** Requests asked since that moment are looked at, and those that were open at the last look. */
  compare(since: number): Promise<Comparison>;
  /** What is wrong with the leases and the audit chains of all requests seen, once all are over. */
  audit(): Promise<readonly string[]>;
  readonly seen: () => ReadonlyMap<string, AccessRequest>;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const keyOf = (userId: string | undefined, accountId: string, permissionSetArn: string): string =>
  `${userId} ${accountId} ${permissionSetArn}`;

const isHeldBy = (request: AccessRequest, now: number): boolean =>
  (request.status === 'granting' && request.latestEnd > now) || (request.status === 'active' && request.endsAt > now);

/** When a request stopped holding; undefined when it never held. */
const endOf = (request: AccessRequest): number | undefined => {
  switch (request.status) {
    case 'active':
    case 'ending':
      return request.endsAt;
    case 'granting':
      return request.latestEnd;
    case 'ended':
      return request.endedAt;
    case 'failed':
      return request.failedAt;
    default:
      return undefined;
  }
};

export const createComparer = (seed: Seed, awsEndpoint: string, places: readonly Place[]): Comparer => {
  const options = {
    region: seed.region,
    endpoint: awsEndpoint,
    credentials: { accessKeyId: 'crash', secretAccessKey: 'crash' },
    maxAttempts: 10,
  };
  const identityCenter = new SSOAdminClient(options);
  const client = new DynamoDBClient(options);
  const tableName = deploymentOf(seed).requestTable;
  const ledger = createDynamoLedger({ client, tableName, clock: createSystemClock() });
  const standing = new Set<string>();
  const requests = new Map<string, AccessRequest>();

  const arnOf = (name: string): string => seed.permissionSets.find((one) => one.name === name)?.arn ?? '';
  const assignmentsAt = async ({ accountId, permissionSet }: Place): Promise<readonly string[]> => {
    const PermissionSetArn = arnOf(permissionSet);
    const query = { InstanceArn: seed.instanceArn, AccountId: accountId, PermissionSetArn };
    const found: string[] = [];
    for await (const page of paginateListAccountAssignments({ client: identityCenter }, query)) {
      for (const { PrincipalType, PrincipalId } of page.AccountAssignments ?? []) {
        if (PrincipalType === 'USER') found.push(keyOf(PrincipalId, accountId, PermissionSetArn));
      }
    }
    return found;
  };
  const present = async (): Promise<ReadonlySet<string>> =>
    new Set((await Promise.all(places.map(assignmentsAt))).flat());

  const readSince = async (since: number): Promise<void> => {
    let cursor: string | undefined;
    do {
      const page = await ledger.listAll({ limit: 100, ...(cursor === undefined ? {} : { cursor }) });
      if (page === 'invalid-cursor') throw new Error('the ledger refused its own cursor');
      for (const request of page.items) requests.set(request.id, request);
      const oldest = page.items.at(-1);
      cursor = oldest && oldest.askedAt >= since ? page.cursor : undefined;
    } while (cursor !== undefined);
  };
  const readOpen = async (): Promise<void> => {
    const open = [...requests.values()].filter(isOpen);
    for (const { id } of open) {
      const request = await ledger.readRequest(id);
      if (request) requests.set(id, request);
    }
  };
  const holdersOf = (key: string): readonly AccessRequest[] =>
    [...requests.values()].filter(
      ({ requester, target }) => keyOf(requester.id, target.accountId, target.permissionSetArn) === key,
    );
  const latenessOf = (key: string, now: number): number => {
    const ends = holdersOf(key).flatMap((request) => endOf(request) ?? []);
    return ends.length === 0 ? Number.POSITIVE_INFINITY : now - Math.max(...ends);
  };

  return {
    learnStanding: async () => {
      for (const key of await present()) standing.add(key);
    },
    compare: async (since) => {
      // What stands first, then who holds it: whoever ended in between did not hold it for longer.
      const now = Date.now();
      const there = await present();
      await readSince(since);
      await readOpen();
      const ours = [...there].filter((key) => !standing.has(key));
      const unheld = ours.filter((key) => !holdersOf(key).some((request) => isHeldBy(request, now)));
      return {
        unheld: unheld.map((key) => ({ key, lateMs: latenessOf(key, now) })),
        held: ours.length - unheld.length,
        missing: [...standing].filter((key) => !there.has(key)),
        open: [...requests.values()].filter(isOpen),
      };
    },
    audit: async () => {
      const all = [...requests.values()];
      const events: AuditEvent[] = [];
      for (const { id } of all) events.push(...(await ledger.readEvents(id)));
      const leaseIds = new Set(all.map(({ requester, target }) => leaseIdOf(requester.id, target)));
      const leases = await Promise.all([...leaseIds].map((leaseId) => ledger.readLease(leaseId)));
      const links = events.map((event) => ({ ...event }));
      const { findings } = verifyChains(links, sha256, { isWhole: true });
      return [
        ...findings.map(({ kind, requestId, sequence }) => `${requestId}: event ${sequence} is ${kind}`),
        ...leases.flatMap((lease) => (lease && !isIdle(lease) ? `${lease.id} is ${lease.state.kind}` : [])),
      ];
    },
    seen: () => requests,
  };
};
