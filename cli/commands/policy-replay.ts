/** `brevet policy replay`: which past requests would come out otherwise by a proposed policy. */
import { readEvents } from '../audit-events.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { usage } from '../failure.ts';
import type { PolicyReplay } from '../json-documents.ts';
import { readSoundPolicy } from '../policy/files.ts';
import { pastRequestsFrom } from '../policy/past-requests.ts';
import { pastOutcomesOn } from '../policy/replay.ts';
import { pastLines } from '../render/past-requests.ts';
import { organizationNamed, type PolicyFlags } from './policy-lint.ts';

export interface ReplayFlags extends PolicyFlags {
  readonly audit?: readonly string[];
}

const readPast = async (files: readonly string[]) => {
  const links = [];
  for (const file of files) {
    const { events, unreadable } = await readEvents(file);
    const [first] = unreadable;
    if (first) throw usage(`${file}:${first.line} is no event: ${first.why}.`, `See all: brevet audit verify ${file}`);
    links.push(...events);
  }
  try {
    return pastRequestsFrom(links);
  } catch (error) {
    throw usage(`${files.join(', ')}: an event is not of the form of events.`, String(error).slice(0, 200));
  }
};

export const replayPolicy = async ({ output }: Context, path: string, flags: ReplayFlags): Promise<ExitCode> => {
  const [policy, organization, past] = await Promise.all([
    readSoundPolicy(path),
    organizationNamed(flags),
    readPast(flags.audit ?? []),
  ]);
  const report = { version: policy.version, ...pastOutcomesOn(policy, organization, past) };
  output.answer<PolicyReplay>(report, pastLines);
  return EXIT.usable;
};
