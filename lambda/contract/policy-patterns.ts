/** The patterns of a policy: which of them some text could keep busy for very long, so that nothing may try them. */
import type { PolicyFile, PolicyProblem } from './policy-document.ts';
import { isQuick } from './quick-pattern.ts';

const SLOW =
  'some tickets could keep this pattern busy for very long: at most three parts of open length, nothing repeated that ' +
  'can match in several ways, no reference back';

type Rule = PolicyFile['entitlements'][number];

const slowIn = (path: readonly PropertyKey[], pattern: string | undefined): readonly PolicyProblem[] =>
  pattern === undefined || isQuick(pattern) ? [] : [{ path, message: SLOW }];

/** @param path of the rule */
export const slowPatternsOf = (path: readonly PropertyKey[], { require, break_glass: glass }: Rule) => [
  ...slowIn([...path, 'require', 'ticket_pattern'], require.ticket_pattern),
  ...slowIn([...path, 'break_glass', 'incident_pattern'], glass?.incident_pattern),
];

export const slowPatterns = ({ entitlements }: PolicyFile): readonly PolicyProblem[] =>
  entitlements.flatMap((rule, index) => slowPatternsOf(['entitlements', index], rule));
