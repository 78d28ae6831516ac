/** `brevet policy replay`: which past requests would come out otherwise by a proposed policy. */
import { toIsoDuration } from '../../lambda/contract/duration.ts';
import { readEvents } from '../audit-events.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { usage } from '../failure.ts';
import type { PolicyReplay } from '../json-documents.ts';
import type { Page } from '../output.ts';
import { readSoundPolicy } from '../policy/files.ts';
import type { OfflineOrganization } from '../policy/offline.ts';
import { type PastRequests, pastRequestsIn } from '../policy/past-requests.ts';
import { type Replayed, replayOn, termsBy } from '../policy/replay.ts';
import { type Column, tableLines } from '../render/table.ts';
import { wrap } from '../render/text.ts';
import { organizationNamed, type PolicyFlags } from './policy-lint.ts';

export interface ReplayFlags extends PolicyFlags {
  readonly audit?: readonly string[];
}

type Change = PolicyReplay['changes'][number];
type Outcome = keyof PolicyReplay['counts'];

const readPast = async (files: readonly string[]): Promise<PastRequests> => {
  const links = [];
  for (const file of files) {
    const { events, unreadable } = await readEvents(file);
    const [first] = unreadable;
    if (first) throw usage(`${file}:${first.line} is no event: ${first.why}.`, `See all: brevet audit verify ${file}`);
    links.push(...events);
  }
  try {
    return pastRequestsIn(links);
  } catch (error) {
    throw usage(`${files.join(', ')}: an event is not of the form of events.`, String(error).slice(0, 200));
  }
};

const termsAfter = ({ outcome }: Replayed): Partial<Change> => {
  switch (outcome.kind) {
    case 'refused':
      return { refusal: { code: outcome.refusal.refused, detail: outcome.refusal.detail } };
    case 'unknown':
      return { dependsOn: [...outcome.dependsOn] };
    case 'unjudged':
      return { missing: outcome.missing };
    default:
      return { after: termsBy(outcome.permit) };
  }
};

const changeFrom =
  ({ accounts, permissionSets }: OfflineOrganization) =>
  (replayed: Replayed): Change[] => {
    const { request, ask, outcome } = replayed;
    if (outcome.kind === 'unchanged') return [];
    return [
      {
        requestId: request.id,
        what: ask.kind,
        askedAt: new Date(ask.at).toISOString(),
        userName: request.userName,
        account: accounts.find(({ id }) => id === request.accountId)?.name ?? request.accountId,
        permissionSet:
          permissionSets.find(({ arn }) => arn === request.permissionSetArn)?.name ?? request.permissionSetArn,
        duration: toIsoDuration(ask.durationSeconds),
        cameTo: request.cameTo,
        before: { rule: ask.entitlement, ...(ask.approvals === undefined ? {} : { approvals: ask.approvals }) },
        outcome: outcome.kind,
        ...termsAfter(replayed),
      },
    ];
  };

const NO_COUNTS: Record<Outcome, number> = {
  unchanged: 0,
  refused: 0,
  'more-approvals': 0,
  'fewer-approvals': 0,
  'other-approvers': 0,
  unknown: 0,
  unjudged: 0,
};

const whyOf = ({ before, after, refusal, dependsOn, missing }: Change): string => {
  if (refusal) return `${refusal.code} (was by ${before.rule})`;
  if (dependsOn) return `depends on the ${dependsOn.join(' and the ').replace('on_call', 'rota')}`;
  if (missing) return `there is no such ${missing.replace('_', ' ')} any more`;
  const approvals = `${before.approvals ?? 'some'} -> ${after?.approvals}`;
  return `${before.rule} -> ${after?.rule}, approvals ${approvals} of ${after?.approvers.join(' or ') || 'nobody'}`;
};

const COLUMNS: Column<Change>[] = [
  { title: 'OUTCOME', cell: ({ outcome }) => outcome },
  { title: 'REQUEST', cell: ({ requestId }) => requestId },
  { title: 'WHO', cell: ({ userName }) => userName, cutTo: 12 },
  { title: 'TARGET', cell: ({ account, permissionSet }) => `${account}/${permissionSet}`, cutTo: 20 },
  { title: 'WHAT', cell: ({ what, duration }) => `${what}, ${duration}` },
  { title: 'WHY', cell: whyOf, cutTo: 30 },
];

/** For people, so many are listed. */
const MOST_LISTED = 50;

const replayLines = ({ requests, begunBefore, counts, changes }: PolicyReplay, page: Page): string[] => {
  const told = Object.entries(counts).filter(([, count]) => count > 0);
  return [
    ...wrap(
      `${requests} request${requests === 1 ? '' : 's'}: ${told.map(([what, count]) => `${count} ${what}`).join(', ') || 'nothing to judge'}.`,
      page.columns,
    ),
    ...(begunBefore > 0 ? wrap(`${begunBefore} more began before these events and are not judged.`, page.columns) : []),
    ...(changes.length > 0 ? ['', ...tableLines(changes.slice(0, MOST_LISTED), COLUMNS, page)] : []),
    ...(changes.length > MOST_LISTED ? [`and ${changes.length - MOST_LISTED} more (--json has all)`] : []),
  ];
};

export const replayPolicy = async ({ output }: Context, path: string, flags: ReplayFlags): Promise<ExitCode> => {
  const [policy, organization, past] = await Promise.all([
    readSoundPolicy(path),
    organizationNamed(flags),
    readPast(flags.audit ?? []),
  ]);
  const replayed = replayOn(policy, organization, past.requests);
  const counts = { ...NO_COUNTS };
  for (const { outcome } of replayed) counts[outcome.kind] += 1;
  const changes = replayed.flatMap(changeFrom(organization));
  const { requests, begunBefore } = past;
  output.answer<PolicyReplay>(
    { version: policy.version, requests: requests.length, begunBefore, counts, changes },
    replayLines,
  );
  return EXIT.usable;
};
