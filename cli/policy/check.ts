/** A proposed policy and its cases as the service takes them, and its findings back at their places in the files. */
import { toIsoDuration } from '../../lambda/contract/duration.ts';
import type { PolicyCheckBody, PolicyCheckView } from '../../lambda/contract/policy-check.ts';
import type { PolicyCheckReport } from '../json-documents.ts';
import type { PlacedCase } from './cases.ts';
import type { SoundPolicy } from './publish.ts';

interface Asked {
  readonly cases: readonly PlacedCase[];
  readonly people: readonly string[];
  readonly everybody: boolean;
  readonly past: PolicyCheckBody['past'];
}

export const checkBodyOf = ({ document }: SoundPolicy, { cases, people, everybody, past }: Asked): PolicyCheckBody => ({
  policy: JSON.parse(document),
  cases: cases.map(({ given: { for: seconds, at_most: most, ...given } }) => ({
    ...given,
    for: toIsoDuration(seconds),
    ...(most === undefined ? {} : { at_most: toIsoDuration(most) }),
  })),
  people: [...people],
  ...(everybody && { everybody }),
  ...(past && { past }),
});

const pathFrom = (text: string): readonly (string | number)[] =>
  text.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));

export const placed = (
  { placeOf }: SoundPolicy,
  cases: readonly PlacedCase[],
  { findings, cases: outcomes, ...checked }: PolicyCheckView,
): PolicyCheckReport => ({
  ...checked,
  findings: findings.map((finding) => ({ ...placeOf(pathFrom(finding.path)), ...finding })),
  // The service answers in the order in which it was asked.
  cases: outcomes.flatMap((outcome, index) => {
    const given = cases[index];
    return given ? [{ ...given.place, ...outcome }] : [];
  }),
});
