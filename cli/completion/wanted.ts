/** What could stand at the end of a command line: found from the commands themselves, so that nothing is listed twice. */
import type { Command, Option } from 'commander';
import { VIEWS } from '../../lambda/contract/api.ts';
import { STATUSES } from '../../lambda/contract/statuses.ts';
import type { Action } from '../client.ts';
import type { CommonFlags } from '../context.ts';

export interface Candidate {
  readonly value: string;
  /** For shells that show one. */
  readonly about?: string;
}

export type Wanted =
  | { readonly kind: 'these'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'target' }
  | { readonly kind: 'profile' }
  /** A request on which that can be done; any, without. */
  | { readonly kind: 'request'; readonly action?: Action };

/** What is known of a command line so far. */
export interface Analysis {
  readonly wanted: Wanted;
  /** What is typed of the last word already, without quotes. */
  readonly typed: string;
  /** What the shell takes as part of the same word, such as `--view=`. */
  readonly before: string;
  readonly flags: CommonFlags;
}

const NOTHING: Wanted = { kind: 'these', candidates: [] };

const these = (values: readonly string[]): Wanted => ({
  kind: 'these',
  candidates: values.map((value) => ({ value })),
});

const LENGTHS = ['15m', '30m', '1h', '2h', '4h'];

/** By the name of the option. */
const VALUES: Readonly<Record<string, Wanted>> = {
  view: these(VIEWS),
  status: these(STATUSES),
  for: these(LENGTHS),
  timeout: these(['50s', '5m', '30m', '1h']),
  past: these(['20', '50', '100']),
  profile: { kind: 'profile' },
  auth: these(['sigv4', 'oidc']),
};

/** By the name of the command, for its first argument. */
const ARGUMENTS: Readonly<Record<string, Wanted>> = {
  request: { kind: 'target' },
  explain: { kind: 'target' },
  run: { kind: 'target' },
  'credential-process': { kind: 'target' },
  show: { kind: 'request' },
  again: { kind: 'request' },
  approve: { kind: 'request', action: 'approve' },
  reject: { kind: 'request', action: 'reject' },
  acknowledge: { kind: 'request', action: 'acknowledge' },
  review: { kind: 'request', action: 'review' },
  cancel: { kind: 'request', action: 'cancel' },
  end: { kind: 'request', action: 'end' },
  extend: { kind: 'request', action: 'extend' },
  completion: these(['bash', 'zsh', 'fish']),
};

/** As typed, the word may begin with a quote, or have backslashes in it. */
export const unquoted = (word: string): string => word.replace(/^["']/, '').replaceAll(/\\(.)/g, '$1');

const isVisible = (command: Command): boolean => !command.name().startsWith('_');

const subcommands = (command: Command): Wanted => ({
  kind: 'these',
  candidates: [
    ...command.commands.filter(isVisible).map((sub) => ({ value: sub.name(), about: sub.description() })),
    ...(command.parent ? [] : [{ value: 'help', about: 'display help for command' }]),
  ],
});

const optionsOf = (command: Command): Wanted => ({
  kind: 'these',
  candidates: [
    ...command.options.map(({ long, flags, description }) => ({ value: long ?? flags, about: description })),
    { value: '--help', about: 'display help for command' },
  ],
});

const optionNamed = (command: Command, word: string): Option | undefined =>
  command.options.find(({ long, short }) => word === long || word === short);

interface Place {
  readonly command: Command;
  /** Arguments of that command so far. */
  readonly count: number;
  /** The option whose value comes next. */
  readonly option?: Option;
  readonly flags: CommonFlags;
}

const FLAGS: ReadonlySet<string> = new Set(['endpoint', 'region', 'profile', 'auth']);

const withFlag = (flags: CommonFlags, option: Option, value: string): CommonFlags =>
  FLAGS.has(option.attributeName()) ? { ...flags, [option.attributeName()]: unquoted(value) } : flags;

/** One word further. */
const step = (place: Place, word: string): Place => {
  const { command, count, option, flags } = place;
  if (option) return { command, count, flags: withFlag(flags, option, word) };
  if (word.startsWith('-')) {
    const [name = '', value] = word.split(/=(.*)/s);
    const found = optionNamed(command, name);
    if (found && value !== undefined) return { command, count, flags: withFlag(flags, found, value) };
    return found?.required ? { command, count, flags, option: found } : { command, count, flags };
  }
  const sub = count === 0 ? command.commands.find((one) => one.name() === word) : undefined;
  return sub ? { command: sub, count: 0, flags } : { command, count: count + 1, flags };
};

const wantedAt = ({ command, count, option }: Place, typed: string): Wanted => {
  if (option) return VALUES[option.attributeName()] ?? NOTHING;
  if (typed.startsWith('-')) return optionsOf(command);
  if (count > 0) return NOTHING;
  return command.commands.length > 0 ? subcommands(command) : (ARGUMENTS[command.name()] ?? NOTHING);
};

/** Some shells make words of their own of `=`. */
const joined = (words: readonly string[]): readonly string[] => words.filter((word) => word !== '=');

/** The words after `brevet`; the last is the one being typed, perhaps empty. */
export const analyse = (program: Command, words: readonly string[]): Analysis => {
  const isSplit = words.at(-1) === '=';
  const all = isSplit ? [...joined(words), ''] : joined(words);
  const last = all.at(-1) ?? '';
  let place: Place = { command: program, count: 0, flags: {} };
  for (const word of all.slice(0, -1)) {
    if (word === '--') return { wanted: NOTHING, typed: '', before: '', flags: place.flags };
    place = step(place, word);
  }
  const [name = '', value] = last.startsWith('--') ? last.split(/=(.*)/s) : [last];
  const option = value === undefined ? undefined : optionNamed(place.command, name);
  if (option && value !== undefined) {
    return {
      wanted: wantedAt({ ...place, option }, ''),
      typed: unquoted(value),
      before: `${name}=`,
      flags: place.flags,
    };
  }
  const typed = unquoted(last);
  return { wanted: wantedAt(place, typed), typed, before: '', flags: place.flags };
};
