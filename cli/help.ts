/** Help that fits its screen: wrapped where there is room beside a term, below it where there is not; examples stay whole commands. */
import { type Command, Help, type Option } from 'commander';
import { wrap } from './render/text.ts';

const EXIT_CODES =
  'Exit codes: 0 usable or done, 1 refused as things stand, 2 usage, 10 pending, 11 rejected, 12 expired, ' +
  '13 not eligible, 14 not signed in, 15 cancelled, 16 failed, 20 service error, 130 interrupted.';

/** By the name of the command; each a line of words, quoted as a shell needs it. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  request: [
    'brevet request payments-prod/AdministratorAccess --for 1h --reason "Restore the ledger, INC-42" --wait',
    'brevet request 400000000001/ReadOnlyAccess --for 30m --start 22:00 --reason "Planned check" --ticket OPS-7',
    'brevet request payments-prod/AdministratorAccess --for 1h --break-glass --incident INC-42 --reason "The ledger is down"',
  ],
  again: [
    'brevet again',
    'eval "$(brevet again --write-profile)"',
    'brevet again 8K2M4RTZ --for 30m --reason "INC-42 goes on" --wait',
  ],
  run: ['brevet run payments-dev/ReadOnlyAccess --for 15m --reason "Look at the queue" -- aws sqs list-queues'],
  'credential-process': [
    'brevet credential-process 400000000004/ReadOnlyAccess --reason "Daily report" --profile corp',
  ],
  completion: [
    'eval "$(brevet completion bash)"',
    'eval "$(brevet completion zsh)"',
    'brevet completion fish | source',
  ],
  explain: [
    'brevet explain payments-prod/AdministratorAccess',
    'brevet explain payments-prod/AdministratorAccess --for 4h --person maria --json',
  ],
  ls: ['brevet ls', 'brevet ls --view to-review', 'brevet ls --status active --json'],
  approve: [
    'brevet approve 8K2M4RTZ',
    'brevet approve 8K2M4RTZ --for 30m --comment "Half an hour will do"',
    'brevet approve 8K2M4RTZ --extend-to 4h',
  ],
  acknowledge: ['brevet acknowledge 8K2M4RTZ'],
  review: ['brevet review 8K2M4RTZ --justified --comment "The ledger was down"'],
  extend: ['brevet extend --for 30m'],
  check: ['brevet policy check policy/ --cases --person maria --past 50', 'brevet policy check policy/ --everybody'],
  profile: ['eval "$(npx brevet local profile)"'],
};

const INDENT = '  ';
/** Below this, what a term means goes under it. */
const NARROWEST_TEXT = 24;

/** Words as a shell splits them: what is in quotes stays one. */
const shellWords = (line: string): string[] => line.match(/(?:"(?:\$\([^)]*\)|[^"])*"|\S)+/g) ?? [];

/** A command too long for a line goes on behind a backslash, so that it can still be copied as it is. */
const commandLines = (line: string, columns: number): string[] => {
  const lines: string[] = [];
  for (const word of shellWords(line)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns - 2 * INDENT.length)
      lines[lines.length - 1] += ` ${word}`;
    else lines.push(last === undefined ? INDENT + word : INDENT + INDENT + word);
  }
  return lines.map((text, index) => (index < lines.length - 1 ? `${text} \\` : text));
};

const widthOf = (command: Command, isError: boolean): number => {
  const { getErrHelpWidth, getOutHelpWidth } = command.configureOutput();
  return (isError ? getErrHelpWidth : getOutHelpWidth)?.() ?? 80;
};

/** Adds the examples that there are for the command. */
export const withExamples = (command: Command): Command => {
  const examples = EXAMPLES[command.name()];
  if (!examples) return command;
  return command.addHelpText('after', ({ error }) =>
    ['\nExamples:', ...examples.flatMap((line) => commandLines(line, widthOf(command, error)))].join('\n'),
  );
};

/** Adds what the exit codes mean. */
export const withExitCodes = (program: Command): Command =>
  program.addHelpText('after', ({ error }) => `\n${wrap(EXIT_CODES, widthOf(program, error)).join('\n')}`);

const USAGE = 'Usage: ';

const indented = (text: string, columns: number): string =>
  wrap(text, columns)
    .map((line, index) => (index === 0 ? line : INDENT + INDENT + line))
    .join('\n');

/** Those that every command has come last. */
const COMMON: ReadonlySet<string> = new Set(['--json', '--endpoint', '--region', '--profile', '--auth', '--help']);

/** commander leaves alone what has less than 40 columns, which is all of a narrow screen. */
export const helpLayout: Partial<Help> & ThisType<Help> = {
  visibleOptions(command: Command): Option[] {
    const options = Help.prototype.visibleOptions.call(this, command);
    const isCommon = ({ long }: Option): boolean => COMMON.has(long ?? '');
    return [...options.filter((option) => !isCommon(option)), ...options.filter(isCommon)];
  },
  styleUsage(usage: string): string {
    const columns = this.helpWidth ?? 80;
    return columnsLeft(usage, columns) ? usage : indented(usage, columns - USAGE.length);
  },
  formatItem(term: string, termWidth: number, description: string, helper: Help): string {
    const columns = this.helpWidth ?? 80;
    if (description === '') return INDENT + term;
    const left = columns - termWidth - 2 * INDENT.length;
    if (left >= NARROWEST_TEXT) {
      const [first = '', ...others] = wrap(description, left);
      const margin = ' '.repeat(termWidth + 2 * INDENT.length);
      const beside = INDENT + term.padEnd(termWidth + term.length - helper.displayWidth(term)) + INDENT + first;
      return [beside, ...others.map((line) => margin + line)].join('\n');
    }
    const below = wrap(description, columns - 3 * INDENT.length).map((line) => INDENT.repeat(3) + line);
    return [...wrap(term, columns - INDENT.length).map((line) => INDENT + line), ...below].join('\n');
  },
  boxWrap: (text: string, width: number): string => wrap(text, width).join('\n'),
};

const columnsLeft = (usage: string, columns: number): boolean => usage.length + USAGE.length <= columns;
