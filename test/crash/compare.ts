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
import { endOf, holdingIn, keyOf, type Unheld, wrongIn } from './sides.ts';

export interface Comparison {
  /** When Identity Center was looked at. */
  readonly at: number;
  readonly unheld: readonly Unheld[];
  /** Assignments that somebody holds. */
  readonly held: number;
  /** What must not be, however short. */
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
      const look = { from, until, there, standing, requests: [...requests.values()], ends };
      return { at: from, ...holdingIn(look), wrong: wrongIn(look), open: look.requests.filter(isOpen) };
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
