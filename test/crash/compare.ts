/** Compares Identity Center with the ledger, both ways, both asked with the SDK: what stands there, and who holds it here. */
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

/** An assignment that nobody holds any more, and the moment at which the last who held it should have lost it. */
export interface Unheld {
  readonly key: string;
  readonly endedAt: number;
}

export interface Comparison {
  /** When Identity Center was looked at. */
  readonly at: number;
  readonly unheld: readonly Unheld[];
  /** Assignments that somebody holds. */
  readonly held: number;
  /** What must not be, however short: see `wrongNow`. */
  readonly wrong: readonly string[];
  readonly open: readonly AccessRequest[];
}

export interface Comparer {
  /** Learns what stands before anything was asked for. */
  learnStanding(): Promise<void>;
  compare(): Promise<Comparison>;
  /** What is wrong with the leases and the audit chains of all requests seen; to be asked once all are over. */
  audit(): Promise<readonly string[]>;
  /** Forgets requests that are over, and answers how many ended how. */
  settle(): Readonly<Record<string, number>>;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Requests asked so long before the last look may not have been listed then. */
const LIST_AGAIN_MS = 5_000;

const keyOf = (userId: string | undefined, accountId: string, permissionSetArn: string): string =>
  `${userId} ${accountId} ${permissionSetArn}`;
const keyFor = ({ requester, target }: AccessRequest): string =>
  keyOf(requester.id, target.accountId, target.permissionSetArn);

/** When a request stops holding, by what it says now; undefined when it does not hold, or does not say any more. */
const endOf = (request: AccessRequest): number | undefined => {
  if (request.status === 'granting') return request.latestEnd;
  return request.status === 'active' || request.status === 'ending' ? request.endsAt : undefined;
};
const isHeldBy = (request: AccessRequest, now: number): boolean =>
  request.status !== 'ending' && (endOf(request) ?? 0) > now;
/** When it was confirmed that nothing is left. */
const goneAt = (request: AccessRequest): number | undefined => {
  if (request.status === 'ended') return request.endedAt;
  return request.status === 'failed' ? request.failedAt : undefined;
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
  const ledger = createDynamoLedger({
    client,
    tableName: deploymentOf(seed).requestTable,
    clock: createSystemClock(),
  });
  const standing = new Set<string>();
  const requests = new Map<string, AccessRequest>();
  /** The end that each request was last seen to have. */
  const ends = new Map<string, number>();
  let listedAt = Date.now();

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

  const learn = (request: AccessRequest): void => {
    requests.set(request.id, request);
    const end = endOf(request);
    if (end !== undefined) ends.set(request.id, end);
  };
  const readNew = async (): Promise<void> => {
    const since = listedAt - LIST_AGAIN_MS;
    const now = Date.now();
    for (let cursor: string | undefined, isMore = true; isMore; ) {
      const page = await ledger.listAll({ limit: 100, ...(cursor === undefined ? {} : { cursor }) });
      if (page === 'invalid-cursor') throw new Error('the ledger refused its own cursor');
      for (const request of page.items) learn(request);
      cursor = page.cursor;
      isMore = cursor !== undefined && (page.items.at(-1)?.askedAt ?? 0) >= since;
    }
    listedAt = now;
  };
  const readOpen = async (): Promise<void> => {
    const open = [...requests.values()].filter(isOpen);
    for (const request of await Promise.all(open.map(({ id }) => ledger.readRequest(id)))) if (request) learn(request);
  };
  const holders = (): ReadonlyMap<string, readonly AccessRequest[]> => Map.groupBy([...requests.values()], keyFor);

  /**
   * Said to be usable, and not there; said to be gone, and there; there, and never asked for; stood before, and gone.
   * What is said was read after Identity Center was looked at, so it must have been so for the whole of the look.
   */
  const wrongNow = (there: ReadonlySet<string>, from: number, until: number): readonly string[] => {
    const byKey = holders();
    const usable = [...requests.values()].filter(
      (one) => one.status === 'active' && one.activeSince < from && one.endsAt > until && !there.has(keyFor(one)),
    );
    const left = [...there].filter((key) => {
      const all = byKey.get(key) ?? [];
      return (
        !standing.has(key) &&
        !all.some((one) => endOf(one) !== undefined) &&
        all.every((one) => from > (goneAt(one) ?? 0))
      );
    });
    return [
      ...usable.map(({ id }) => `${id} is said to be usable, and nothing is there`),
      ...left.map((key) => `${key} is there, and nobody holds it or is still ending it`),
      ...[...standing].filter((key) => !there.has(key)).map((key) => `${key} stood before, and is gone`),
    ];
  };

  return {
    learnStanding: async () => {
      for (const key of await present()) standing.add(key);
    },
    compare: async () => {
      const from = Date.now();
      const there = await present();
      const until = Date.now();
      await readNew();
      await readOpen();
      const byKey = holders();
      const ours = [...there].filter((key) => !standing.has(key));
      const unheld = ours.filter((key) => !(byKey.get(key) ?? []).some((request) => isHeldBy(request, from)));
      const endedAt = (key: string): number =>
        Math.max(0, ...(byKey.get(key) ?? []).map((one) => ends.get(one.id) ?? goneAt(one) ?? 0));
      return {
        at: from,
        unheld: unheld.map((key) => ({ key, endedAt: endedAt(key) })),
        held: ours.length - unheld.length,
        wrong: wrongNow(there, from, until),
        open: [...requests.values()].filter(isOpen),
      };
    },
    audit: async () => {
      const all = [...requests.values()];
      const events: AuditEvent[] = [];
      const cut: string[] = [];
      for (const { id, trail } of all) {
        const chain = await ledger.readEvents(id);
        if (chain.length !== trail.count || chain.at(-1)?.hash !== trail.hash)
          cut.push(`${id}: its chain ends elsewhere`);
        events.push(...chain);
      }
      const leaseIds = new Set(all.map(({ requester, target }) => leaseIdOf(requester.id, target)));
      const leases = await Promise.all([...leaseIds].map((leaseId) => ledger.readLease(leaseId)));
      const links = events.map((event) => ({ ...event }));
      const { findings } = verifyChains(links, sha256, { isWhole: true });
      return [
        ...cut,
        ...findings.map(({ kind, requestId, sequence }) => `${requestId}: event ${sequence} is ${kind}`),
        ...leases.flatMap((lease) => (lease && !isIdle(lease) ? [`${lease.id} is ${lease.state.kind}`] : [])),
      ];
    },
    settle: () => {
      const ended: Record<string, number> = {};
      for (const { id, status } of [...requests.values()].filter((one) => !isOpen(one))) {
        ended[status] = (ended[status] ?? 0) + 1;
        requests.delete(id);
        ends.delete(id);
      }
      return ended;
    },
  };
};
