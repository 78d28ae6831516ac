/** What is about to be asked for, before it is sent. */
import type { CatalogEntryView, SubmitBody } from '../../lambda/contract/api.ts';
import type { Page } from '../output.ts';
import { approvalsNeeded } from './approval.ts';
import { fieldLines } from './fields.ts';
import { length, moment } from './moment.ts';
import { outliving, plannedEnd } from './words.ts';

export interface Plan {
  readonly body: SubmitBody;
  /** What the catalogue says; absent for an account given by id. */
  readonly entry?: CatalogEntryView;
}

const ruleOf = (entry: CatalogEntryView): string =>
  `${entry.entitlement}: at most ${length(entry.maxDuration)}, ${approvalsNeeded(entry)}`;

export const planLines = ({ body, entry }: Plan, page: Page): string[] => {
  const { accountId, permissionSet } = body.target;
  const account = entry ? `${entry.accountName} (${accountId})` : accountId;
  return [
    page.style('bold', 'Asking for'),
    ...fieldLines(
      [
        ['target', `${account} / ${permissionSet}`],
        ...(entry ? [['rule', ruleOf(entry)] as const] : []),
        ['length', length(body.duration)],
        ...(body.start === undefined ? [] : [['starts', moment(body.start, page)] as const]),
        ['would end', plannedEnd(body.duration, body.start, page)],
        ...(entry ? [['credentials', outliving(entry.sessionDuration)] as const] : []),
        ['reason', body.justification],
        ...(body.ticket === undefined ? [] : [['ticket', body.ticket] as const]),
      ],
      page.columns,
    ),
    '',
  ];
};
