/**
 * What a mail says: plain text alone, and no link of ours. Whatever people write is shown as text on lines of their own that begin
 * with `>`, short enough that no reader breaks them, and with its addresses broken, so that none is a link.
 */
import { toIsoDuration, toReadableDuration } from '../contract/duration.ts';
import { neutralise, singleLine } from '../contract/plain-text.ts';
import { type AccessRequest, isOpen, type PersonRef } from '../domain/access-request.ts';
import { approvalsIn } from '../domain/ballot.ts';
import { totalSeconds } from '../domain/extension.ts';
import type { ApprovalNews, GlassNews, News } from '../domain/news.ts';
import { type Instant, toIso } from '../domain/time.ts';
import type { Recipient } from '../ports/notifier.ts';

export interface Mail {
  readonly subject: string;
  readonly text: string;
}

const COLUMNS = 70;

/** NB. A mail that comes from us should lead nowhere that somebody else chose. */
const unlinked = (text: string): string => text.replaceAll('://', '[:]//').replace(/www\./gi, 'www[.]');

const line = (text: string): string => unlinked(singleLine(neutralise(text)));

const broken = (written: string): readonly string[] =>
  written.match(new RegExp(`.{1,${COLUMNS}}(?=\\s|$)|.{${COLUMNS}}`, 'gu'))?.map((part) => part.trim()) ?? [''];

const quoted = (text: string): string[] =>
  unlinked(neutralise(text.replaceAll('\r\n', '\n')))
    .trim()
    .split('\n')
    .flatMap((written) => broken(written.replace(/\s+/g, ' ')))
    .map((part) => `  > ${part}`);

/** Whole seconds, as the command line shows them. */
const moment = (at: Instant): string => `${toIso(at).slice(0, 19).replace('T', ' ')} UTC`;

const nameOf = ({ userName, displayName }: PersonRef): string =>
  line(displayName === userName ? userName : `${displayName} (${userName})`);

const placeOf = ({ target }: AccessRequest): string => line(`${target.permissionSetName} in ${target.accountName}`);

const windowOf = ({ durationSeconds, start }: AccessRequest): string =>
  `${toReadableDuration(durationSeconds)}${start === undefined ? '' : `, from ${moment(start)}`}`;

/** How it stands when the mail is written. */
const accessOf = (request: AccessRequest): string => {
  switch (request.status) {
    case 'pending':
      return 'not before it is approved';
    case 'scheduled':
    case 'granting':
      return 'is being given';
    case 'active':
      return `until ${moment(request.endsAt)}`;
    case 'ending':
      return 'is being taken away';
    case 'ended':
      return `ended at ${moment(request.endedAt)}`;
    default:
      return `none: ${request.status}`;
  }
};

const row = (name: string, value: string): string => `  ${name.padEnd(16)}${value}`;

const factsOf = (request: AccessRequest): string[] => [
  row('person', nameOf(request.requester)),
  row('account', line(`${request.target.accountName} (${request.target.accountId})`)),
  row('permission set', line(request.target.permissionSetName)),
  row('for', windowOf(request)),
  ...(request.ticket === undefined ? [] : [row('ticket', line(request.ticket))]),
  row('asked', moment(request.askedAt)),
  row('access', accessOf(request)),
  row(
    'credentials',
    `may work up to ${toReadableDuration(request.target.sessionSeconds)} longer than access; they cannot be recalled`,
  ),
  row('by the rule', line(request.entitled.name)),
  '',
  'Why, in their own words:',
  ...quoted(request.justification),
];

const closing = ({ id }: AccessRequest): string[] => [
  '',
  'All of it:',
  `  brevet show ${id}`,
  '',
  'Whoever has this mail may do nothing by it: Brevet asks who you are.',
];

// ---------- a broken glass ----------

const toAcknowledge = ({ request: { id }, breakGlass: { acknowledged, review } }: GlassNews): string[] =>
  acknowledged || review
    ? []
    : [
        'You are named as somebody to be told. Say that you know of it; until somebody does, the alarm rings again and again:',
        `  brevet acknowledge ${id}`,
      ];

const toEnd = ({ request }: GlassNews): string[] =>
  isOpen(request) ? ['If it should not be, end the access now:', `  brevet end ${request.id}`] : [];

const toReview = ({ request: { id }, breakGlass: { review, reviewBy } }: GlassNews): string[] =>
  review
    ? []
    : [
        `You are named as somebody who reviews it, by ${moment(reviewBy)}:`,
        `  brevet review ${id} --justified          (or --not-justified, and --comment …)`,
      ];

const section = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ['', ...lines]);

const glassMail = (news: GlassNews, { isTold, isReviewer }: Recipient): Mail => ({
  subject: `Break-glass: ${line(news.request.requester.userName)} for ${placeOf(news.request)}`,
  text: [
    `${nameOf(news.request.requester)} broke the glass: nobody approved this access.`,
    '',
    row('incident', line(news.breakGlass.incident)),
    ...factsOf(news.request),
    ...section(isTold ? [...toAcknowledge(news), ...toEnd(news)] : []),
    ...section(isReviewer ? toReview(news) : []),
    ...closing(news.request),
  ].join('\n'),
});

// ---------- approval ----------

/** What is asked for: the request, or more time for it. */
const wishOf = ({
  request,
}: ApprovalNews): { readonly what: string; readonly flag: string; readonly rows: string[] } => {
  const extension = request.status === 'active' ? request.extension : undefined;
  if (request.status !== 'active' || !extension) return { what: `asks for ${placeOf(request)}`, flag: '', rows: [] };
  const total = totalSeconds(request, extension.durationSeconds);
  return {
    what: `asks for more time with ${placeOf(request)}`,
    flag: ` --extend-to ${toIsoDuration(total)}`,
    rows: [row('more time', `${toReadableDuration(extension.durationSeconds)}, ${toReadableDuration(total)} in all`)],
  };
};

const SUBJECTS: Readonly<Record<ApprovalNews['kind'], string>> = {
  asked: 'Approval wanted',
  reminded: 'Still waiting for approval',
  escalated: 'Escalated to you',
};

const OPENINGS: Readonly<Record<ApprovalNews['kind'], string>> = {
  asked: 'You may decide on this.',
  reminded: 'This still waits for somebody to decide, and you may.',
  escalated: 'Nobody who was asked first has decided on this, so that you may now, too.',
};

const standing = ({ open: { number, stage }, ballot, until }: ApprovalNews): string[] => [
  ...(ballot.approval.length < 2 ? [] : [row('stage', `${number + 1} of ${ballot.approval.length}`)]),
  row('approvals', `${approvalsIn(number, ballot.votes).length} of ${stage.required}`),
  row('waits until', moment(until)),
];

const approvalMail = (news: ApprovalNews): Mail => {
  const { request, kind } = news;
  const { what, flag, rows } = wishOf(news);
  return {
    subject: `${SUBJECTS[kind]}: ${line(request.requester.userName)} ${what}`,
    text: [
      `${nameOf(request.requester)} ${what}. ${OPENINGS[kind]}`,
      '',
      ...standing(news),
      ...rows,
      ...factsOf(request),
      '',
      'Decide:',
      `  brevet approve ${request.id}${flag}`,
      `  brevet reject ${request.id} --comment …`,
      ...closing(request),
    ].join('\n'),
  };
};

export const mailOf = (recipient: Recipient, news: News): Mail =>
  news.kind === 'glass-broken' ? glassMail(news, recipient) : approvalMail(news);
