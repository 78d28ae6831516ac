/** Lists: requests, the catalogue, and who the caller is. */
import type { CatalogEntryView, CatalogPage, MeView, RequestView } from '../../lambda/contract/api.ts';
import type { View } from '../client.ts';
import type { DoorName } from '../door.ts';
import type { Page } from '../output.ts';
import { approvalsNeeded } from './approval.ts';
import { breakGlassMark } from './break-glass.ts';
import { fieldLines } from './fields.ts';
import { fromNow, length, moment } from './moment.ts';
import { STATUS_EMPHASIS } from './style.ts';
import { type Column, tableLines } from './table.ts';
import { wrap } from './text.ts';
import { personName, shortId, whatNext } from './words.ts';

/** Below this, ids are written short in tables. */
const ROOM_FOR_IDS = 110;

/** `1h`, or `1h, to 4h` where an extension waits, which is what is decided on then. */
const lengthText = ({ duration, extension }: RequestView): string =>
  `${length(duration)}${extension ? `, to ${length(extension.extendTo)}` : ''}`;

const requestColumns = (view: View, page: Page): Column<RequestView>[] => [
  { title: 'ID', cell: ({ id }) => (page.columns < ROOM_FOR_IDS ? shortId(id) : id) },
  {
    title: 'STATUS',
    cell: ({ status, breakGlass }) => ({
      text: `${status}${breakGlassMark(breakGlass)}`,
      emphasis: breakGlass ? 'red' : STATUS_EMPHASIS[status],
    }),
  },
  { title: 'TARGET', cell: ({ target }) => `${target.accountName}/${target.permissionSet}`, cutTo: 24 },
  ...(view === 'mine' ? [] : [{ title: 'WHO', cell: ({ requester }: RequestView) => requester.userName, cutTo: 10 }]),
  { title: 'FOR', cell: lengthText },
  { title: 'WHEN', cell: (request) => whatNext(request, page.now) },
];

const NOTHING: Record<View, string> = {
  mine: 'You have asked for nothing so far. What you may ask for: brevet catalog',
  'to-review': 'Nothing waits for your decision.',
  active: 'Nobody holds access now.',
  'break-glass': 'No broken glass waits for you.',
  all: 'There are no requests.',
};

export const requestListLines = (requests: readonly RequestView[], view: View, page: Page): string[] =>
  requests.length === 0
    ? wrap(NOTHING[view], page.columns)
    : [...tableLines(requests, requestColumns(view, page), page), ...outlivingLines(requests, page)];

/** Law 14: a list that speaks of ends says that they are not the end of credentials. */
const outlivingLines = (requests: readonly RequestView[], page: Page): string[] => {
  const until = requests.flatMap(({ credentialsMayWorkUntil: at }) => (at === undefined ? [] : [at]));
  const last = until.sort().at(-1);
  if (last === undefined || Date.parse(last) <= page.now) return [];
  const text = `Credentials issued before an end may work on after it, of these until ${moment(last, page)} at the latest.`;
  return ['', ...wrap(text, page.columns)];
};

const GLASS_COLUMN: Column<CatalogEntryView> = {
  title: 'BREAK-GLASS',
  cell: ({ breakGlass }) => (breakGlass ? length(breakGlass.maxDuration) : '-'),
};

export const catalogLines = (entries: readonly CatalogEntryView[], page: Page): string[] =>
  entries.length === 0
    ? wrap('The catalogue offers you nothing that fits.', page.columns)
    : tableLines(
        entries,
        [
          { title: 'TARGET', cell: ({ accountName, permissionSet }) => `${accountName}/${permissionSet}` },
          { title: 'LONGEST', cell: ({ maxDuration }) => length(maxDuration) },
          { title: 'SESSION', cell: ({ sessionDuration }) => length(sessionDuration) },
          { title: 'APPROVAL', cell: approvalsNeeded, cutTo: 24 },
          ...(entries.some(({ breakGlass }) => breakGlass) ? [GLASS_COLUMN] : []),
          { title: 'ACCOUNT', cell: ({ accountId }) => accountId },
        ],
        page,
      );

type Organization = CatalogPage['organization'];

const WHY_LEFT_OUT: Readonly<Record<NonNullable<Organization>['leftOut'][number]['reason'], string>> = {
  'provisioned-in-management-account':
    'is provisioned in the management account, so that it cannot be assigned from where Brevet runs',
};

/** How old the catalogue is, and what is left out of it. */
export const organizationLines = (organization: Organization, page: Page): string[] => {
  if (!organization) return [];
  const { asOf, isStale, leftOut } = organization;
  const age = `The organization as it was ${fromNow(Date.parse(asOf), page.now)}.`;
  const stale = isStale ? ' It could not be read since; what changed there is not seen here.' : '';
  const lines = [
    `${age}${stale}`,
    ...leftOut.map((one) => `Left out: ${one.permissionSet} ${WHY_LEFT_OUT[one.reason]}.`),
  ];
  return ['', ...lines.flatMap((line) => wrap(line, page.columns))];
};

const THROUGH: Readonly<Record<DoorName, string>> = {
  sigv4: 'AWS credentials (sigv4)',
  oidc: 'brevet login (oidc)',
};

export const meLines = (me: MeView & { readonly door: DoorName }, endpoint: string, page: Page): string[] => [
  page.style('bold', personName(me)),
  ...fieldLines(
    [
      ['user id', me.id],
      ['roles', me.roles.join(', ') || 'none'],
      ['groups', me.groups.join(', ') || 'none that the policy names'],
      ['open requests', String(me.openRequests)],
      ['to review', me.toReview === 0 ? '0' : `${me.toReview} (brevet ls --view to-review)`],
      ['service', endpoint.replace(/\/$/, '')],
      ['signed in by', THROUGH[me.door]],
    ],
    page.columns,
  ),
];
