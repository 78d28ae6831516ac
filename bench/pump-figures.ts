/** What came of a thousand ends: how long they took beside the theory, what went before them, and whether anything was lost. */
import type { RequestDetail } from '../lambda/contract/api.ts';
import type { AccessRequest } from '../lambda/domain/access-request.ts';
import type { LoggedCall } from './client.ts';
import { keyOf, type Write } from './pump-records.ts';
import { fixed, table, whole } from './report.ts';

export interface PumpSize {
  readonly ends: number;
  readonly grants: number;
  readonly glass: number;
  readonly establishMs: number;
  readonly closingMs: number;
}

const OUTSTANDING = 15;
const REQUESTS_A_SECOND = 20;
/** An end is waiting, rather than just being begun, when it is so late. */
const WAITING_MS = 3_000;
const TARGETS = { drained: 1.15, glassMs: 10_000, transitions: 2 };

export interface Glass {
  readonly request: RequestDetail;
  readonly askedAt: number;
}

export interface Load {
  readonly glass: readonly Glass[];
  /** What the API answered to people that was not what they wanted. */
  readonly complaints: readonly string[];
}

export interface Drained {
  readonly size: PumpSize;
  readonly requests: readonly AccessRequest[];
  readonly writes: readonly Write[];
  readonly calls: readonly LoggedCall[];
  readonly load: Load;
  readonly transitions: { readonly lone: number; readonly mean: number };
  readonly present: ReadonlySet<string>;
  readonly stood: ReadonlySet<string>;
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const keyOfRequest = ({ requester, target }: AccessRequest): string =>
  keyOf(requester.id, target.accountId, target.permissionSetArn);
const keyOfWrite = ({ assignment: { principalId, accountId, permissionSetArn } }: Write): string =>
  keyOf(principalId, accountId, permissionSetArn);

/** Ordinary grants that were begun while an end had been waiting. */
const grantsBeforeEnds = ({ requests, writes, load }: Drained): number => {
  const glass = new Set(load.glass.map(({ request }) => request.id));
  const ordinary = new Set(requests.filter(({ id }) => !glass.has(id)).map(keyOfRequest));
  const begun = new Map(
    writes.flatMap((write) => (write.kind === 'deletion' ? [[keyOfWrite(write), write.createdAtMs]] : [])),
  );
  const dueOf = new Map(requests.map((request) => [keyOfRequest(request), dueAtOf(request)]));
  const waits = [...begun].map(([key, at]) => ({ from: (dueOf.get(key) ?? at) + WAITING_MS, until: at }));
  return writes.filter(
    (write) =>
      write.kind === 'creation' &&
      ordinary.has(keyOfWrite(write)) &&
      waits.some(({ from, until }) => from < write.createdAtMs && write.createdAtMs < until),
  ).length;
};

/** When its window closed. */
const dueAtOf = (request: AccessRequest): number =>
  request.status === 'ended' && request.activeSince !== undefined
    ? Math.floor((request.activeSince + request.durationSeconds * 1000) / 1000) * 1000
    : Number.POSITIVE_INFINITY;

const glassWaits = ({ writes, load }: Drained): readonly number[] =>
  load.glass.map(({ request, askedAt }) => {
    const create = writes.find(
      ({ kind, assignment, createdAtMs }) =>
        kind === 'creation' &&
        assignment.principalId === request.requester.id &&
        assignment.accountId === request.target.accountId &&
        createdAtMs >= askedAt,
    );
    return create ? create.createdAtMs - askedAt : Number.POSITIVE_INFINITY;
  });

export const renderDrained = (drained: Drained): string => {
  const { size, requests, writes, calls, load, transitions, present, stood } = drained;
  const ours = calls.filter(({ outcome }) => outcome !== 'pending');
  const from = Math.min(...requests.map(dueAtOf));
  const until = Math.max(...writes.map(({ settlesAtMs }) => settlesAtMs));
  const byWrites = sum(writes.map(({ createdAtMs, settlesAtMs }) => settlesAtMs - createdAtMs)) / OUTSTANDING;
  const byRequests = (ours.length / REQUESTS_A_SECOND) * 1000;
  const theory = Math.max(byWrites, byRequests);
  const throttled = ours.filter(({ outcome }) => outcome === 'ThrottlingException').length;
  const ended = requests.filter(({ status }) => status === 'ended').length;
  const active = requests.filter(({ status }) => status === 'active');
  const expected = new Set([...stood, ...active.map(keyOfRequest)]);
  const differences =
    [...present].filter((key) => !expected.has(key)).length + [...expected].filter((key) => !present.has(key)).length;
  const waits = glassWaits(drained);
  return [
    `${size.ends} windows that close within ${size.closingMs / 1000} s, ${size.grants} new requests in that time, and ${size.glass} people who break the glass while all that is worked off. Identity Center takes 2 to 8 s for a write, and bears 20 requests a second and 15 writes at once.`,
    table(
      ['figure', 'measured', 'target'],
      [
        ['drained in, seconds', fixed((until - from) / 1000, 0), ''],
        [
          'in theory: the time of all writes / 15, and the requests / 20, seconds',
          `${fixed(byWrites / 1000, 0)} and ${fixed(byRequests / 1000, 0)}`,
          '',
        ],
        ['**of the theoretical time**', `${fixed((until - from) / theory, 3)}×`, `at most ${TARGETS.drained}×`],
        ['ordinary grants begun while an end was waiting', grantsBeforeEnds(drained), '0'],
        [
          'break-glass: asked → Identity Center is asked to assign, median and longest, ms',
          `${whole([...waits].sort((a, b) => a - b)[Math.floor(waits.length / 2)] ?? 0)} and ${whole(Math.max(...waits))}`,
          `at most ${whole(TARGETS.glassMs)}`,
        ],
        [
          'requests in their final state: ended, active',
          `${ended}, ${active.length}`,
          `${size.ends}, ${size.grants + size.glass}`,
        ],
        ['assignments that the ledger does not explain, or that are missing', differences, '0'],
        ['requests to sso-admin, and of them answered with throttling', `${whole(ours.length)}, ${throttled}`, ''],
        [
          'of that seen by a person: refusals and failed requests',
          load.complaints.length + requests.filter(({ status }) => status === 'failed').length,
          '0',
        ],
        [
          'state transitions of one that ended, mean; of the same request alone',
          `${fixed(transitions.mean, 2)}; ${transitions.lone}`,
          `at most ${TARGETS.transitions}×`,
        ],
      ],
    ),
  ].join('\n\n');
};
