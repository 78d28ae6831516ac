/** Rules in words, for people who ask why. */

import { durationText } from '../time.ts';
import type { StageDemand } from './approval-demand.ts';
import type { PersonAttribute } from './facts.ts';
import type { AccountSelector, AttributeTest, Delegated, PermissionSetSelector, TagTest, Who } from './policy.ts';

export const attributeName = (attribute: PersonAttribute): string => attribute.replaceAll('_', ' ');

const either = (values: readonly string[]): string => values.join(' or ');
const named = (kind: string, names: readonly string[]): readonly string[] =>
  names.length === 0 ? [] : [`${kind} ${either(names)}`];
const tagged = (tags: readonly TagTest[]): readonly string[] =>
  tags.map(({ key, values }) => `tag "${key}" ${either(values)}`);

/** `group engineers or leads, user ann; with department payments` */
const narrowed = (places: readonly string[], narrowing: readonly string[], everything: string): string =>
  [places.join(', ') || everything, ...(narrowing.length === 0 ? [] : [`with ${narrowing.join(' and ')}`])].join(' ');

const peopleText = ({ groups, users, attributes }: Who, everybody: string): string =>
  narrowed(
    [...named('group', groups), ...named('user', users)],
    attributes.map(({ attribute, values }) => `${attributeName(attribute)} ${either(values)}`),
    everybody,
  );

export const whoText = (who: Who): string => peopleText(who, who.attributes.length === 0 ? 'nobody' : 'everybody');

/** `everybody with department security` */
export const everybodyText = (attributes: readonly AttributeTest[]): string =>
  whoText({ groups: [], users: [], attributes });

/** Attributes narrow whom a stage names: where it names nobody, they do not make that everybody. */
const askedText = ({ everybodyWith, ...named }: StageDemand): string =>
  everybodyWith ? everybodyText(everybodyWith) : peopleText(named, 'nobody');

/** Groups and users, and in words everybody with certain attributes, in the order of the stages, each once. */
export const approverNames = (stages: readonly StageDemand[]): readonly string[] => [
  ...new Set(
    stages.flatMap(({ groups, users, everybodyWith }) => [
      ...groups,
      ...users,
      ...(everybodyWith ? [everybodyText(everybodyWith)] : []),
    ]),
  ),
];

/** `group leads, each of whom belongs to group security too` */
export const demandText = (stage: StageDemand): string => {
  const silent = stage.silentTag === undefined ? '' : ` (the account's tag "${stage.silentTag}" names nobody)`;
  const among = stage.among.map((groups) => `, each of whom belongs to group ${either(groups)} too`);
  return `${askedText(stage)}${silent}${among.join('')}`;
};

/** The stages one after the other: `2 of group leads; then 1 of user ann`. */
export const stagesText = (stages: readonly StageDemand[]): string => {
  const [only, another] = stages;
  if (only && !another) return demandText(only);
  return stages.map((stage) => `${stage.required} of ${demandText(stage)}`).join('; then ');
};

/** `after 1h group sre-leads too`; of several stages, in which. */
export const escalationText = ({ escalation }: StageDemand, number: number, stages: number): readonly string[] => {
  if (!escalation) return [];
  const { afterSeconds, groups, users } = escalation;
  const where = stages > 1 ? ` in stage ${number + 1}` : '';
  return [`after ${durationText(afterSeconds)}${where} ${peopleText({ groups, users, attributes: [] }, 'nobody')} too`];
};

const exceptText = ({ except }: AccountSelector): string => {
  if (!except) return '';
  const parts = [...named('account', except.ids), ...named('OU', except.organizationalUnits), ...tagged(except.tags)];
  return `, but not ${parts.join(', ')}`;
};

export const accountsText = (selector: AccountSelector): string => {
  const { ids, names, organizationalUnits, tags } = selector;
  const isEverywhere = organizationalUnits.includes('/');
  const places = isEverywhere ? [] : [...named('account', [...names, ...ids]), ...named('OU', organizationalUnits)];
  return `${narrowed(places, tagged(tags), 'any account')}${exceptText(selector)}`;
};

export const permissionSetsText = ({ names, tags }: PermissionSetSelector): string =>
  narrowed(names.length === 0 ? [] : [either(names)], tagged(tags), 'any permission set');

/** `payments (written by payments-leads): OU Workloads/Payments; PowerUserAccess; at most 4h; at least 1 approval(s)` */
export const delegationText = (delegation: Delegated): string => {
  if ('grantsNothing' in delegation) return delegation.name;
  const { name, writers, organizationalUnits, permissionSets, maxDurationSeconds } = delegation.bounds;
  const { minApprovals, approversFrom } = delegation.bounds;
  const from = approversFrom.length === 0 ? '' : `, by people who belong to group ${either(approversFrom)} too`;
  const parts = [
    `OU ${either(organizationalUnits)}`,
    permissionSetsText(permissionSets),
    `at most ${durationText(maxDurationSeconds)}`,
    `at least ${minApprovals} approval(s)${from}`,
  ];
  return `${name} (written by ${either(writers)}): ${parts.join('; ')}`;
};
