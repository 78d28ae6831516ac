/** `brevet policy explain`: what `brevet explain` would say by a policy that may not be in force, offline. */
import { DEFAULT_LIMITS } from '../../lambda/contract/limits.ts';
import { secondsFrom, startFrom } from '../arguments.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode, exitOfProblem } from '../exit-codes.ts';
import { usage } from '../failure.ts';
import { explainOffline, type OfflineAsk } from '../policy/explain.ts';
import { readQuickPolicy } from '../policy/files.ts';
import { explanationLines } from '../render/explanation.ts';
import { parseTarget } from '../target.ts';
import { breakGlassFrom, type WishFlags } from '../wish.ts';
import { organizationNamed, type PolicyFlags } from './policy-lint.ts';

export interface PolicyExplainFlags extends PolicyFlags, WishFlags {
  readonly person?: string;
  readonly onCall?: readonly string[];
}

/** A refusal says it by its code; for codes that have no exit code of their own. */
const REFUSED = 403;

const askFrom = (target: string, flags: PolicyExplainFlags, now: number): OfflineAsk => {
  const { person, for: length = '1h', start, reason, ticket, onCall } = flags;
  if (person === undefined) throw usage('There is no --person, for whom it is explained.', 'Write a user name.');
  const { breakGlass } = breakGlassFrom(flags, 'brevet policy explain … --break-glass --incident INC-42');
  // Refuses what is none; which account is meant, the organization says.
  parseTarget(target);
  return {
    ...{ person, target, durationSeconds: secondsFrom(length, '--for') },
    from: start === undefined ? now : Date.parse(startFrom(start, now)),
    // What is left out is taken for what would do, as by the service.
    justification: reason ?? 'x'.repeat(DEFAULT_LIMITS.textLength),
    ...(ticket === undefined ? {} : { ticket }),
    ...(breakGlass && { incident: breakGlass.incident }),
    ...(onCall && { onCall }),
  };
};

export const explainPolicy = async (
  { output, terminal }: Context,
  path: string,
  target: string,
  flags: PolicyExplainFlags,
): Promise<ExitCode> => {
  const ask = askFrom(target, flags, terminal.now());
  const [policy, organization] = await Promise.all([readQuickPolicy(path), organizationNamed(flags)]);
  const explained = explainOffline(policy, organization, ask);
  output.answer(explained, explanationLines);
  return explained.refusal ? exitOfProblem({ code: explained.refusal.code, status: REFUSED }) : EXIT.usable;
};
