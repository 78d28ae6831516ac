/** One request in full: how it stands, everything about it, what can be done next, and its history. */
import type { EventView, RequestDetail, RequestView } from '../../lambda/contract/api.ts';
import type { Page } from '../output.ts';
import { approvalState, stageFields } from './approval.ts';
import { breakGlassFields } from './break-glass.ts';
import { type Field, fieldLines } from './fields.ts';
import { clockTime, length, moment } from './moment.ts';
import { STATUS_EMPHASIS } from './style.ts';
import { tableLines } from './table.ts';
import { wrap } from './text.ts';
import {
  credentialsText,
  decidersNow,
  endText,
  outliving,
  personName,
  shortId,
  statusLine,
  targetName,
  voteText,
} from './words.ts';

/** Below this an id is written short in commands to type, so that they fit on a line. */
const ROOM_FOR_IDS = 80;

const present = (fields: readonly (readonly [string, string | undefined])[]): Field[] =>
  fields.flatMap(([label, text]) => (text === undefined || text === '' ? [] : [[label, text] as const]));

const whatWasAsked = (request: RequestDetail, page: Page): Field[] =>
  present([
    ['id', request.id],
    ['for', personName(request.requester)],
    ['target', targetName(request.target)],
    ['length', `${length(request.duration)}; at most ${length(request.maxDuration)} by rule ${request.entitlement}`],
    ['reason', request.justification],
    ['ticket', request.ticket],
    ['asked', moment(request.askedAt, page)],
    ['window from', request.start && moment(request.start, page)],
  ]);

const votesIn = ({ votes, stages }: RequestView['approval'], label: string, page: Page): Field[] =>
  votes.map((vote) => [stages.length > 1 ? `${label} in stage ${vote.stage}` : label, voteText(vote, page)] as const);

const whoDecides = (request: RequestDetail, page: Page): Field[] => {
  if (request.breakGlass && request.extension === undefined) return breakGlassFields(request.breakGlass, page);
  const isOpenToVotes = request.status === 'pending' || request.extension !== undefined;
  const approvers = isOpenToVotes ? decidersNow(request) || 'nobody at the moment' : undefined;
  return [
    ...breakGlassFields(request.breakGlass, page),
    ...present([
      ['approval', approvalState(request.approval)],
      ['can decide', approvers],
    ]),
    ...stageFields(request.approval, page),
    ...votesIn(request.approval, 'vote', page),
  ];
};

const whenItIs = (request: RequestDetail, page: Page): Field[] => {
  const at = (iso: string | undefined): string | undefined => iso && moment(iso, page);
  return present([
    ['waits until', at(request.expiresAt)],
    ['starts', at(request.startsAt)],
    ['gives up', at(request.grantBy)],
    ['usable since', at(request.activeSince)],
    [request.status === 'active' || request.status === 'ending' ? 'ends' : 'would end', endText(request, page)],
    ['over since', at(request.endedAt)],
  ]);
};

const AHEAD: ReadonlySet<RequestView['status']> = new Set(['pending', 'scheduled', 'granting']);

const credentialsOf = (request: RequestDetail, page: Page): string | undefined => {
  if (AHEAD.has(request.status)) return outliving(request.target.sessionDuration);
  return request.credentialsMayWorkUntil && credentialsText(request.credentialsMayWorkUntil, page);
};

const CHANGES: Readonly<Record<NonNullable<RequestDetail['externallyModified']>['change'], string>> = {
  removed: 'somebody removed the assignment in Identity Center; Brevet does not make it again',
  assigned: 'somebody else assigned the same in Identity Center, so that it stays when this request ends',
};

const changedOutsideText = ({ change, at }: NonNullable<RequestDetail['externallyModified']>, page: Page): string =>
  `${CHANGES[change]} (noticed ${moment(at, page)})`;

/** Where others assigned it meanwhile, that says already that it stays. */
const standingText = ({ standing, externallyModified }: RequestDetail): string | undefined =>
  standing && externallyModified?.change !== 'assigned'
    ? 'the assignment stood before this request, and stays when it ends'
    : undefined;

const whatToKnow = (request: RequestDetail, page: Page): Field[] =>
  present([
    ['standing', standingText(request)],
    ['changed outside', request.externallyModified && changedOutsideText(request.externallyModified, page)],
    ['credentials', credentialsOf(request, page)],
  ]);

const extensionOf = ({ extension }: RequestDetail, page: Page): Field[] => {
  if (!extension) return [];
  const { duration, extendTo, askedAt } = extension;
  const state = `${length(duration)} more, ${length(extendTo)} in all, asked ${moment(askedAt, page)}`;
  return [
    ['extension', `${state}: ${approvalState(extension.approval)}`],
    ...stageFields(extension.approval, page),
    ...votesIn(extension.approval, 'its vote', page),
  ];
};

/** Of an extension, it says what it approves: an ISO 8601 duration, or as people type it. */
export const approveCommand = (id: string, extendTo: string | undefined): string =>
  `brevet approve ${id}${extendTo === undefined ? '' : ` --extend-to ${length(extendTo).replaceAll(' ', '')}`}`;

const COMMANDS: Record<RequestView['youMay'][number], (id: string, request: RequestView) => string> = {
  approve: (id, { extension }) => approveCommand(id, extension?.extendTo),
  reject: (id) => `brevet reject ${id}`,
  cancel: (id) => `brevet cancel ${id}`,
  end: (id) => `brevet end ${id}`,
  extend: (id) => `brevet extend ${id} --for 30m`,
  acknowledge: (id) => `brevet acknowledge ${id}`,
  review: (id) => `brevet review ${id} --justified`,
};

const idFor = (id: string, columns: number): string => (columns < ROOM_FOR_IDS ? shortId(id) : id);

/** The commands with which the caller can go on. */
export const nextCommands = (request: RequestView, columns: number): string[] =>
  request.youMay.map((action) => COMMANDS[action](idFor(request.id, columns), request));

const commandLines = (title: string, commands: readonly string[], page: Page): string[] =>
  commands.length === 0 ? [] : ['', page.style('bold', title), ...commands.map((command) => `  ${command}`)];

/** What to pass on to those who can decide, by somebody who cannot. */
const forDeciders = (request: RequestDetail, page: Page): string[] =>
  decidersNow(request) === '' || request.youMay.includes('approve')
    ? []
    : [COMMANDS.approve(idFor(request.id, page.columns), request)];

const nextLines = (request: RequestDetail, page: Page): string[] => [
  ...commandLines('They decide with', forDeciders(request, page), page),
  ...commandLines('You may', nextCommands(request, page.columns), page),
];

/** The request as it stands now. */
export const requestLines = (request: RequestDetail, page: Page): string[] => [
  ...wrap(statusLine(request, page), page.columns).map((line) => page.style(STATUS_EMPHASIS[request.status], line)),
  ...fieldLines(
    [whatWasAsked, whoDecides, whenItIs, extensionOf, whatToKnow].flatMap((part) => part(request, page)),
    page.columns,
  ),
  ...nextLines(request, page),
];

const EVENTS: Readonly<Record<string, string>> = {
  asked: 'asked',
  voted: 'vote cast',
  reminded: 'approvers reminded',
  escalated: 'escalated to others',
  cancelled: 'cancelled',
  expired: 'expired',
  'grant-begun': 'granting begun',
  'became-usable': 'became usable',
  'grant-failed': 'granting failed',
  'end-begun': 'ending begun',
  gone: 'access gone',
  'extension-asked': 'extension asked',
  extended: 'extended',
  'extension-voted': 'vote on extension',
  'changed-outside': 'changed outside',
  'glass-broken': 'glass broken',
  acknowledged: 'acknowledged',
  reviewed: 'reviewed',
};

const ACTORS: Readonly<Record<string, string>> = { clock: 'the clock', brevet: 'Brevet' };

const historyLines = (history: readonly EventView[], page: Page): string[] =>
  tableLines(
    history,
    [
      { title: 'WHEN', cell: ({ at }) => clockTime(Date.parse(at), page.timeZone) },
      { title: 'WHAT', cell: ({ kind }) => EVENTS[kind] ?? kind },
      { title: 'BY', cell: ({ actor }) => actor.userName ?? ACTORS[actor.kind] ?? actor.kind, cutTo: 12 },
      { title: 'STATUS', cell: ({ from, to }) => (from === undefined || from === to ? to : `${from} -> ${to}`) },
    ],
    page,
  );

/** The request with its history. */
export const requestWithHistoryLines = (request: RequestDetail, page: Page): string[] => [
  ...requestLines(request, page),
  '',
  page.style('bold', 'History'),
  ...historyLines(request.history, page),
  '',
  ...fieldLines([['policy', request.policyVersion]], page.columns),
];
