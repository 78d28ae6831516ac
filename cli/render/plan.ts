/** What is about to be asked for, before it is sent. */
import type { CatalogEntryView, SubmitBody } from '../../lambda/contract/api.ts';
import type { Page } from '../output.ts';
import { approvalsNeeded } from './approval.ts';
import { type Field, fieldLines } from './fields.ts';
import { length, moment } from './moment.ts';
import { outliving, plannedEnd } from './words.ts';

export interface Plan {
  readonly body: SubmitBody;
  /** What the catalogue says; absent for an account given by id. */
  readonly entry?: CatalogEntryView;
}

const ruleOf = (entry: CatalogEntryView): string =>
  `${entry.entitlement}: at most ${length(entry.maxDuration)}, ${approvalsNeeded(entry)}`;

/** Whoever asks is to see before it is sent what follows from it. */
const glassOf = ({ breakGlass: glass }: CatalogEntryView): string =>
  glass === undefined
    ? 'no rule of the catalogue lets you'
    : `${glass.entitlement}: at most ${length(glass.maxDuration)}, without approval; others are told, and review it`;

const ruleField = ({ body, entry }: Plan): readonly Field[] => {
  if (!entry) return [];
  return body.breakGlass ? [['break-glass', glassOf(entry)]] : [['rule', ruleOf(entry)]];
};

export const planLines = (plan: Plan, page: Page): string[] => {
  const { body, entry } = plan;
  const { accountId, permissionSet } = body.target;
  const account = entry ? `${entry.accountName} (${accountId})` : accountId;
  return [
    page.style('bold', body.breakGlass ? 'Breaking the glass for' : 'Asking for'),
    ...fieldLines(
      [
        ['target', `${account} / ${permissionSet}`],
        ...ruleField(plan),
        ...(body.breakGlass ? [['incident', body.breakGlass.incident] as const] : []),
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
