/** Every way to a target in words: which approvals, for how long, on which conditions. What asks the least is not all that a rule may give. */
import { durationText } from '../time.ts';
import { raisedTo, type StageDemand } from './approval-demand.ts';
import type { Account } from './facts.ts';
import { longestAllowed } from './guardrails.ts';
import { hoursText } from './hours.ts';
import { byLeastAsked } from './judge.ts';
import type { Entitlement, Guardrail, Requirements } from './policy.ts';
import { escalationText, stagesText } from './rule-text.ts';

/** The rules that let somebody ask for a target in the ordinary way, and the guardrails that hold for it. */
export interface WaysThere {
  readonly account: Account;
  readonly rules: readonly Entitlement[];
  readonly holding: readonly Guardrail[];
}

interface Way {
  readonly asks: string;
  readonly longestSeconds: number;
  readonly conditions: string;
  readonly isEscalated: boolean;
}

export interface Ways {
  /** What asks the least first. */
  readonly texts: readonly string[];
  /** There is one alone, and nothing to be said of it but who approves and how long it lasts. */
  readonly isPlain: boolean;
}

const conditionsText = ({ justificationLength, ticketPattern, hours, onCall }: Requirements): string =>
  [
    ...(justificationLength > 1 ? [`${justificationLength} characters of justification`] : []),
    ...(ticketPattern === undefined ? [] : [`a ticket ${ticketPattern}`]),
    ...(hours ? [hoursText(hours)] : []),
    ...(onCall === undefined ? [] : [`on call by ${onCall}`]),
  ].join(', ');

const asksText = (stages: readonly StageDemand[]): string => {
  const [only, another] = stages;
  if (!only) return 'no approval';
  const text = another ? stagesText(stages) : `${only.required} of ${stagesText(stages)}`;
  return [text, ...stages.flatMap((stage, number) => escalationText(stage, number, stages.length))].join(', ');
};

const wayBy = (rule: Entitlement, { account, holding }: WaysThere): Way => ({
  asks: asksText(raisedTo(rule, holding, account)),
  longestSeconds: Math.min(rule.maxDurationSeconds, longestAllowed(holding)),
  conditions: conditionsText(rule.require),
  isEscalated: rule.approval.some(({ escalation }) => escalation !== undefined),
});

/** Whatever the other lets through, this one, which asks no more, lets through. */
const covers = (one: Way, other: Way): boolean =>
  one.longestSeconds >= other.longestSeconds && (one.conditions === '' || one.conditions === other.conditions);

const textOf = ({ asks, longestSeconds, conditions }: Way): string =>
  `${asks}, ${durationText(longestSeconds)}${conditions === '' ? '' : `, with ${conditions}`}`;

const byLength = (one: Way, other: Way): number =>
  one.longestSeconds - other.longestSeconds || (one.conditions < other.conditions ? -1 : 1);

/** Those that follow each other and ask the same, together. */
const runsOf = (ways: readonly Way[]): readonly (readonly Way[])[] => {
  const begins = ways.flatMap(({ asks }, at) => (asks === ways[at - 1]?.asks ? [] : [at]));
  return begins.map((from, number) => ways.slice(from, begins[number + 1]));
};

/** Of a run it is no matter which comes first, nor whether one stands there that another lets through too. */
const toldOf = (run: readonly Way[]): readonly Way[] =>
  run.filter((way) => !run.some((other) => other !== way && covers(other, way))).sort(byLength);

/** What is never chosen, since another is before it, is left out, and what another beside it that asks the same lets through too. */
export const waysOf = (there: WaysThere): Ways => {
  const kept: Way[] = [];
  for (const rule of byLeastAsked(there.rules)) {
    const way = wayBy(rule, there);
    if (!kept.some((one) => covers(one, way))) kept.push(way);
  }
  const told = runsOf(kept).flatMap(toldOf);
  const isPlain = told.length < 2 && told.every(({ conditions, isEscalated }) => conditions === '' && !isEscalated);
  return { texts: told.map(textOf), isPlain };
};
