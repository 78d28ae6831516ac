/** Past requests that were judged by a proposed policy: how many of each outcome, and a table of those that are or may be another. */
import type { PastOutcomes } from '../../lambda/contract/policy-past.ts';
import type { Page } from '../output.ts';
import { type Column, tableLines } from './table.ts';
import { wrap } from './text.ts';

type Change = PastOutcomes['changes'][number];

const whyOf = ({ before, after, refusal, dependsOn, missing }: Change): string => {
  if (refusal) return `${refusal.code} (was by ${before.rule})`;
  if (dependsOn) return `depends on the ${dependsOn.join(' and the ').replace('on_call', 'rota')}`;
  if (missing) return `there is no such ${missing.replace('_', ' ')} any more`;
  const approvals = `${before.approvals ?? 'some'} -> ${after?.approvals}`;
  return `${before.rule} -> ${after?.rule}, approvals ${approvals} of ${after?.approvers?.join(' or ') || 'nobody'}`;
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

/** @param kind of the requests, such as `past ` */
export const pastLines = (
  { requests, begunBefore, counts, changes }: PastOutcomes,
  page: Page,
  { kind = '', notes = [] }: { readonly kind?: string; readonly notes?: readonly string[] } = {},
): string[] => {
  const told = Object.entries(counts).filter(([, count]) => count > 0);
  return [
    ...wrap(
      `${requests} ${kind}request${requests === 1 ? '' : 's'}: ${told.map(([what, count]) => `${count} ${what}`).join(', ') || 'nothing to judge'}.`,
      page.columns,
    ),
    ...(begunBefore > 0 ? wrap(`${begunBefore} more began before these events and are not judged.`, page.columns) : []),
    ...notes.flatMap((note) => wrap(note, page.columns)),
    ...(changes.length > 0 ? ['', ...tableLines(changes.slice(0, MOST_LISTED), COLUMNS, page)] : []),
    ...(changes.length > MOST_LISTED ? [`and ${changes.length - MOST_LISTED} more (--json has all)`] : []),
  ];
};
