/** Waits while the service counts everybody, which takes longer than one call may last, and tells how far it has come. */
import { Failure } from '../failure.ts';
import { type Progress, progressOn } from '../progress.ts';
import { countingText } from '../render/who-changes.ts';
import type { Interrupt, Terminal } from '../terminal.ts';

type Look<Answer> =
  | { readonly why: 'answered'; readonly answer: Answer }
  | { readonly why: 'counting'; readonly refusal: Failure };

export type Counted<Answer> =
  | { readonly why: 'answered'; readonly answer: Answer }
  /** With what the service said last. */
  | { readonly why: 'interrupted'; readonly signal: Interrupt; readonly refusal: Failure };

const LONGEST_MS = 20 * 60_000;
/** Where the service does not say when to ask again; and within these where it does. */
const PAUSE_SECONDS = 5;
const [SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS] = [1, 30];
/** How often a line of it stays. */
const TOLD_MS = 60_000;

const look = async <Answer>(ask: () => Promise<Answer>): Promise<Look<Answer>> => {
  try {
    return { why: 'answered', answer: await ask() };
  } catch (error) {
    if (!(error instanceof Failure) || error.problem.code !== 'people_being_counted') throw error;
    return { why: 'counting', refusal: error };
  }
};

const pauseOf = ({ retryAfterSeconds = PAUSE_SECONDS }: Failure): number =>
  Math.min(LONGEST_PAUSE_SECONDS, Math.max(SHORTEST_PAUSE_SECONDS, retryAfterSeconds)) * 1000;

/** Says at first that there is something to wait for, then how far it is: now and then for good. */
const teller = ({ now }: Terminal, progress: Progress): ((refusal: Failure) => void) => {
  let toldAt = now();
  progress.happened('counting everybody, which may take minutes (Ctrl-C stops the waiting only)');
  return (refusal) => {
    const text = countingText(refusal.problem.facts);
    progress.now(text);
    if (now() - toldAt < TOLD_MS) return;
    progress.happened(text);
    toldAt = now();
  };
};

interface Waiting<Answer> {
  readonly ask: () => Promise<Answer>;
  readonly terminal: Terminal;
  readonly tell: (refusal: Failure) => void;
  readonly interrupted: AbortSignal;
}

/** Answers as soon as waiting is given up, though the answer of the service is still on its way. */
const lookUnless = async <Answer>({ ask, interrupted }: Waiting<Answer>): Promise<Look<Answer> | undefined> => {
  if (interrupted.aborted) return undefined;
  const given = new Promise<undefined>((resolve) =>
    interrupted.addEventListener('abort', () => resolve(undefined), { once: true }),
  );
  return await Promise.race([look(ask), given]);
};

const wait = async <Answer>(first: Failure, waiting: Waiting<Answer>): Promise<Counted<Answer>> => {
  const { terminal, tell, interrupted } = waiting;
  const deadline = terminal.now() + LONGEST_MS;
  for (let refusal = first; ; ) {
    tell(refusal);
    const left = deadline - terminal.now();
    if (left <= 0) throw refusal;
    await terminal.sleep(Math.min(left, pauseOf(refusal)), interrupted);
    const seen = await lookUnless(waiting);
    if (!seen) return { why: 'interrupted', signal: interrupted.reason as Interrupt, refusal };
    if (seen.why === 'answered') return seen;
    refusal = seen.refusal;
  }
};

/** Asks until everybody is counted, or waiting is given up. @throws Failure for any other refusal, and for this one after twenty minutes. */
export const onceCounted = async <Answer>(ask: () => Promise<Answer>, terminal: Terminal): Promise<Counted<Answer>> => {
  const first = await look(ask);
  if (first.why === 'answered') return first;
  const stopping = new AbortController();
  const forget = terminal.onInterrupt((signal) => stopping.abort(signal));
  const progress = progressOn(terminal.err);
  try {
    const tell = teller(terminal, progress);
    return await wait(first.refusal, { ask, terminal, tell, interrupted: stopping.signal });
  } finally {
    forget();
    progress.stop();
  }
};
