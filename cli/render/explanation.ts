/** An explanation for people: the outcome first, then the guardrails that hold, then the nearest rules, condition by condition. */
import type { ExplanationView } from '../../lambda/contract/explain.ts';
import type { Page } from '../output.ts';
import { explainedApproval } from './approval.ts';
import { type Field, fieldLines } from './fields.ts';
import { length } from './moment.ts';
import { wrap } from './text.ts';
import { outliving, peopleNames, personName, targetName } from './words.ts';

type Rule = ExplanationView['rules'][number];
type Guardrail = ExplanationView['guardrails'][number];

/** Rules that are told in full, and how many of the others by name; `--json` has all. */
const TOLD = 5;
const NAMED = 15;

const outcomeFields = (explained: ExplanationView): readonly Field[] => {
  const { refusal, entitlement, maxDuration, approval } = explained;
  if (refusal) return [['refused', refusal.detail]];
  return [
    ['rule', entitlement ?? ''],
    ...explainedApproval(approval, peopleNames),
    ...(maxDuration === undefined ? [] : ([['at most', length(maxDuration)]] as const)),
  ];
};

/** What a guardrail that speaks of this does when it does not refuse. */
const REFUSES_NOTHING: Readonly<Record<Guardrail['effect'], string>> = {
  forbid: 'refuses nothing now',
  freeze: 'not on at that time',
  floor: 'raises what rules ask',
  'not-together': 'nothing of the kind is open',
  'open-limit': 'not reached',
};

const guardrailField = ({ name, effect, holds, refusal }: Guardrail): Field => {
  const uncertain = holds === 'failed' ? ' (nobody can tell whether it is meant, so it holds)' : '';
  return [effect, `${name}${uncertain}: ${refusal?.detail ?? REFUSES_NOTHING[effect]}`];
};

const MARKS = { met: 'yes', unmet: 'no', failed: 'unknown' } as const;

const ruleLines = ({ name, verdict, conditions }: Rule, page: Page): readonly string[] => [
  `${page.style('bold', name)}: ${verdict}`,
  ...fieldLines(
    conditions.map(({ kind, met, asks, remedy }): Field => {
      const text = `${MARKS[met]}: ${asks}`;
      return [kind.replace('_', ' '), remedy === undefined ? text : `${text}; ${remedy}`];
    }),
    page.columns,
  ),
];

const otherRules = ({ rules, rulesLeftOut }: ExplanationView): string => {
  const names = rules.slice(TOLD, TOLD + NAMED).map(({ name }) => name);
  const unnamed = Math.max(0, rules.length - TOLD - NAMED) + rulesLeftOut;
  const more = unnamed > 0 ? [`${unnamed} more`] : [];
  return [...names, ...more].join(', ');
};

const glassField = ({ breakGlass: glass }: ExplanationView): readonly Field[] => {
  if (!glass) return [];
  if (!glass.allowed) return [['break-glass', `no: ${glass.refusal?.detail ?? ''}`]];
  const longest = glass.maxDuration === undefined ? '' : `, at most ${length(glass.maxDuration)}`;
  return [['break-glass', `possible by the rule ${glass.entitlement}${longest}`]];
};

export const explanationLines = (explained: ExplanationView, page: Page): string[] => {
  const { person, target, duration, rules } = explained;
  const guardrails = explained.guardrails.filter(({ holds }) => holds !== 'no');
  const others = otherRules(explained);
  return [
    page.style('bold', explained.allowed ? 'This would be taken.' : 'This would be refused.'),
    ...fieldLines(
      [
        ['who', personName(person)],
        ['target', targetName(target)],
        ['for', length(duration)],
        ...outcomeFields(explained),
        ...glassField(explained),
        ...(explained.allowed ? ([['credentials', outliving(target.sessionDuration)]] as const) : []),
      ],
      page.columns,
    ),
    ...(guardrails.length > 0 ? ['', 'Guardrails', ...fieldLines(guardrails.map(guardrailField), page.columns)] : []),
    ...rules.slice(0, TOLD).flatMap((rule) => ['', ...ruleLines(rule, page)]),
    ...(others === '' ? [] : ['', ...wrap(`Further away: ${others}`, page.columns)]),
  ];
};
