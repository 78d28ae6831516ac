/** Entry of `npm start`: the whole service on one machine, until Ctrl-C. */
import './node-version.mjs';
import { relative } from 'node:path';
import { type LocalOptions, readOptions } from './options.ts';
import { type LocalService, startService } from './service.ts';
import { StartError } from './start-error.ts';
import { createTerminal } from './terminal.ts';
import { TOUR } from './tour.ts';

const terminal = createTerminal(process.stdout);

const shown = (path: string): string => {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') ? path : short;
};

const aboutMail = (mailUrl: string | undefined): string =>
  mailUrl === undefined ? '' : `\n  mail     ${mailUrl}   what people were mailed, until it ends`;

const welcome = ({ peopleUrl, awsUrl, mailUrl, logPath }: LocalService, options: LocalOptions): string =>
  `
Brevet runs, on this machine only.
  people   ${peopleUrl}   the API: /iam/v1 for signed calls, /v1 for tokens (brevet login)
  AWS      ${awsUrl}   stand-ins for AWS, which any AWS client can be pointed at${aboutMail(mailUrl)}
  state    ${shown(options.stateFolder)}   survives a restart; log in ${shown(logPath)}

Try it, in another terminal:
${TOUR.map((line) => `  ${line}`).join('\n')}

Ctrl-C ends it.`;

/** Exit code after a second Ctrl-C, as a shell has it. */
const INTERRUPTED = 130;
/** npm hands on the signal that the terminal has sent already: what comes so soon is no second Ctrl-C, milliseconds. */
const SAME_SIGNAL_MS = 500;

/** How often to look whether npm is still there, milliseconds. */
const PARENT_WATCH_MS = 500;

/** Without this, a service whose npm was killed would go on unseen, and the next start would find its place taken. */
const endWithNpm = (end: () => void): void => {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end(), PARENT_WATCH_MS).unref();
};

const endInTime = (service: LocalService): void => {
  let endingSince: number | undefined;
  const end = async (): Promise<void> => {
    if (endingSince !== undefined && Date.now() - endingSince < SAME_SIGNAL_MS) return;
    if (endingSince !== undefined) process.exit(INTERRUPTED);
    endingSince = Date.now();
    terminal.say('\nEnding; a second Ctrl-C ends at once.');
    await service.close();
    terminal.say('Ended. What is stored stays; "npm start" goes on from there.');
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());
  endWithNpm(() => endingSince === undefined && void end());
};

const run = async (): Promise<void> => {
  const options = readOptions(process.env);
  terminal.say(`Brevet starts; its state is in ${shown(options.stateFolder)}.`);
  const onFatal = (message: string): void => fail(new StartError(message));
  const service = await startService({ options, terminal, onFatal });
  endInTime(service);
  terminal.say(welcome(service, options));
};

/** A refusal to start is a sentence; anything else is a bug and shows where. */
const fail = (error: unknown): void => {
  const isExpected = error instanceof StartError;
  console.error(isExpected ? `\n${error.message}` : error);
  process.exit(isExpected ? error.exitCode : 1);
};

run().catch(fail);
