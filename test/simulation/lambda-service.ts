/** AWS Lambda in this world: runs functions, each in a process of its own, and tells whoever called how it went. */
import type { FunctionName, WholeWorld } from './functions.ts';
import { TIMEOUT_SECONDS } from './functions.ts';
import { StateError } from './interpreter.ts';
import { createInvocation, type Invocation, portsOf, type Surroundings } from './invocation.ts';

type Work<Answer> = (world: WholeWorld, invocation: Invocation) => Promise<Answer>;

export interface LambdaService {
  /** @throws what the function threw, or a failure of Lambda itself. */
  invoke<Answer>(name: FunctionName, about: string, work: Work<Answer>): Promise<Answer>;
  /** Nobody waits; tried again when it fails, for a while. */
  enqueue(name: FunctionName, about: string, work: Work<unknown>): void;
  readonly runs: () => number;
}

interface Parts extends Surroundings {
  /** The world as it truly is; every run sees it through its own ports. */
  readonly world: (run: Invocation) => WholeWorld;
  /** For deliberate defects: what a function gets instead. */
  readonly tamper: (world: WholeWorld, name: FunctionName) => WholeWorld;
  /** Told of what ended a run that did not come to its own end: what it threw, or that it was killed. */
  readonly onFailed: (name: FunctionName, title: string, why: unknown) => void;
}

/** In `lib/functions.ts`: how often each is tried again, and how old an event may be by then. */
const RETRY_AFTER_MS = [60_000, 120_000];
const RETRIES: Partial<Record<FunctionName, { readonly times: number; readonly oldestMs: number }>> = {
  converge: { times: 2, oldestMs: 300_000 },
  drift: { times: 1, oldestMs: 3_600_000 },
};
const NO_RETRY = { times: 0, oldestMs: 0 };
/** Processes die so often an hour, not a call: one pump makes the calls of many runs, for many leases; so do whoever tells people and whoever searches for drift. */
const FRAILTY: Partial<Record<FunctionName, number>> = { converge: 0.2, tell: 0.2, drift: 0.2 };

export const createLambdaService = (parts: Parts): LambdaService => {
  const { timeline, chance, trace } = parts;
  let runs = 0;

  const run = <Answer>(name: FunctionName, about: string, work: Work<Answer>): Promise<Answer> =>
    new Promise((resolve, reject) => {
      runs += 1;
      const title = `${name}#${runs}(${about})`;
      const fail = (error: string) => {
        trace(() => `${title}: ${error}`);
        parts.onFailed(name, title, error);
        reject(new StateError(error, title));
      };
      const invocation = createInvocation(
        parts,
        title,
        () => timeline.after(chance.between(0, 5_000), () => fail('Lambda.Unknown')),
        FRAILTY[name],
      );
      trace(() => `${title}: begins`);
      let over = false;
      timeline.after(TIMEOUT_SECONDS[name] * 1000, () => {
        if (over || invocation.isDead()) return;
        invocation.kill();
        fail('Sandbox.Timedout');
      });
      work(parts.tamper(portsOf(invocation, parts.world(invocation)), name), invocation).then(
        (answer) => {
          over = true;
          trace(() => `${title}: done`);
          resolve(answer);
        },
        (thrown: unknown) => {
          over = true;
          trace(() => `${title}: throws ${String(thrown)}`);
          parts.onFailed(name, title, thrown);
          reject(thrown);
        },
      );
    });

  const started = async <Answer>(name: FunctionName, about: string, work: Work<Answer>): Promise<Answer> => {
    await timeline.sleep(chance.happens(0.05) ? chance.between(200, 1_500) : chance.between(5, 50));
    return run(name, about, work);
  };

  const attempt = (name: FunctionName, about: string, work: Work<unknown>, since: number, tries: number): void => {
    started(name, about, work).catch(() => {
      const { times, oldestMs } = RETRIES[name] ?? NO_RETRY;
      const wait = tries < times ? RETRY_AFTER_MS[tries] : undefined;
      if (wait === undefined || timeline.now() + wait - since > oldestMs) return;
      timeline.after(wait, () => attempt(name, about, work, since, tries + 1));
    });
  };

  return {
    invoke: started,
    enqueue: (name, about, work) => attempt(name, about, work, timeline.now(), 0),
    runs: () => runs,
  };
};
