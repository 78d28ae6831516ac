/** What to do next, for problems whose own text does not say it in this command's words. */
import { toReadableDuration } from '../../lambda/contract/duration.ts';
import type { Problem, ProblemCode } from '../../lambda/contract/problem.ts';

type Hint = string | ((facts: NonNullable<Problem['facts']>) => string | undefined);

const atMost =
  (option: string) =>
  (facts: NonNullable<Problem['facts']>): string | undefined =>
    typeof facts.maximumSeconds === 'number' && facts.maximumSeconds > 0
      ? `Ask for at most ${toReadableDuration(facts.maximumSeconds)} with ${option}.`
      : undefined;

const HINTS: Partial<Record<ProblemCode, Hint>> = {
  not_signed_in: 'Sign in (aws sso login), or choose a profile with AWS_PROFILE.',
  caller_unknown: 'Sign in with a role of IAM Identity Center (aws sso login): its session name is your user name.',
  caller_disabled: 'Ask whoever administers IAM Identity Center.',
  account_unknown: 'See what you may ask for: brevet catalog',
  permission_set_unknown: 'See what you may ask for: brevet catalog',
  not_eligible: 'See what you may ask for: brevet catalog. See why not: brevet explain TARGET',
  guardrail_forbids: 'See why: brevet explain TARGET',
  outside_hours: 'Ask with --start within those hours.',
  not_on_call: 'See what would do: brevet explain TARGET',
  duration_too_long: atMost('--for'),
  duration_not_shorter: atMost('--for'),
  extension_too_long: ({ leftSeconds }) =>
    typeof leftSeconds === 'number' && leftSeconds > 0
      ? `At most ${toReadableDuration(leftSeconds)} can be added: --for ${toReadableDuration(leftSeconds).replaceAll(' ', '')}`
      : undefined,
  justification_empty: 'Say why with --reason.',
  justification_too_short: 'Say more with --reason.',
  ticket_required: 'Name it with --ticket.',
  ticket_invalid: 'Correct it with --ticket.',
  break_glass_not_allowed: 'See where it can be done: brevet catalog',
  incident_invalid: 'Correct it with --incident.',
  too_many_open: 'See them with brevet ls; cancel or end what you no longer need.',
  request_unknown: 'See your requests with brevet ls.',
  request_not_started: 'Take it back with brevet cancel.',
  request_not_cancellable: 'If access is held, end it with brevet end.',
  changed_meanwhile: 'Look at it with brevet show, and try again.',
  unavailable: 'Try again in a minute.',
  people_being_counted: 'Counting goes on: the same command finds it done later, or waits again.',
  people_not_counted: ({ why }) =>
    why === 'out-of-time' ? 'Offline there is no such limit.' : 'If it stays so, tell whoever runs Brevet.',
  catalogue_too_old: 'Tell whoever runs Brevet; access that is held can be ended as ever.',
  unexpected: 'Try again in a minute.',
  route_unknown: 'Does the endpoint point at Brevet, with the stage of its API?',
};

export const hintFor = ({ code, facts = {} }: Problem): string | undefined => {
  const hint = Object.hasOwn(HINTS, code) ? HINTS[code as ProblemCode] : undefined;
  return typeof hint === 'function' ? hint(facts) : hint;
};
