/** A client and a terminal that live in memory, for tests without a network, a screen or waiting. */

import type { Client } from '../../../cli/client.ts';
import { Failure } from '../../../cli/failure.ts';
import type { Interrupt, Screen, Terminal } from '../../../cli/terminal.ts';
import type { CatalogEntryView, RequestDetail } from '../../../lambda/contract/api.ts';
import { ME, problem } from './documents.ts';

export interface World {
  readonly catalog?: readonly CatalogEntryView[];
  readonly mine?: readonly RequestDetail[];
  readonly toReview?: readonly RequestDetail[];
  readonly active?: readonly RequestDetail[];
  /** Absent: the caller may not list everything. */
  readonly all?: readonly RequestDetail[];
  /** What `look` answers, one after the other; the last again and again. */
  readonly shown?: readonly (RequestDetail | Error)[];
}

/** Two to a page, so that paging is always taken part in. */
const pageOf = <Item>(items: readonly Item[], cursor = '0'): { items: Item[]; cursor?: string } => {
  const end = Number(cursor) + 2;
  return { items: items.slice(Number(cursor), end), ...(end < items.length ? { cursor: String(end) } : {}) };
};

export const clientOf = ({ catalog = [], mine = [], toReview = [], active = [], all, shown = [] }: World): Client => {
  let turn = 0;
  const views = { mine, 'to-review': toReview, active, 'break-glass': [], all };
  const unused = (): Promise<never> => Promise.reject(new Error('not part of this test'));
  return {
    endpoint: new URL('http://127.0.0.1:4000'),
    door: 'sigv4',
    me: () => Promise.resolve(ME),
    catalog: async ({ q = '', cursor }) =>
      pageOf(
        catalog.filter(({ accountName, permissionSet }) => `${accountName}/${permissionSet}`.includes(q)),
        cursor,
      ),
    explain: unused,
    list: async ({ view, cursor }) => {
      const requests = views[view];
      if (!requests) throw new Failure(problem('not_permitted', 'Only auditors and administrators list all requests.'));
      return pageOf(requests, cursor);
    },
    show: unused,
    look: async () => {
      const answer = shown[Math.min(turn, shown.length - 1)];
      turn += 1;
      if (!answer || answer instanceof Error) throw answer ?? new Error('nothing to show');
      return answer;
    },
    submit: unused,
    act: unused,
    events: unused,
    drift: unused,
    takeBaseline: unused,
    policy: unused,
    checkPolicy: unused,
  };
};

export interface Written extends Screen {
  readonly text: () => string;
}

export const screenOf = (columns = Number.POSITIVE_INFINITY, isTerminal = false): Written => {
  let text = '';
  return {
    write: (more) => {
      text += more;
    },
    isTerminal,
    columns,
    hasColours: isTerminal,
    canRedraw: isTerminal,
    text: () => text,
  };
};

export interface StagedTerminal extends Terminal {
  readonly out: Written;
  readonly err: Written;
  /** Ctrl-C, or another interrupt. */
  interrupt(signal?: Interrupt): void;
}

/** Time passes only by sleeping. */
export const terminalAt = (
  iso: string,
  {
    onSleep = () => {},
    answers = [],
    env = {},
  }: {
    readonly onSleep?: () => void;
    /** What a person types when asked, one after the other; then nobody is there. */
    readonly answers?: readonly string[];
    readonly env?: Terminal['env'];
  } = {},
): StagedTerminal => {
  let now = Date.parse(iso);
  let handler = (_signal: Interrupt): void => {};
  const held: ((signal: Interrupt) => void)[] = [];
  const left = [...answers];
  return {
    out: screenOf(),
    err: screenOf(),
    env,
    self: ['/usr/bin/node', '/opt/brevet.mjs'],
    timeZone: 'Europe/Berlin',
    now: () => now,
    sleep: async (milliseconds) => {
      onSleep();
      now += milliseconds;
    },
    onInterrupt: (next) => {
      handler = next;
      return () => {};
    },
    onEveryInterrupt: (next) => {
      held.push(next);
    },
    ask: async () => left.shift(),
    interrupt: (signal = 'SIGINT') => {
      for (const one of [handler, ...held]) one(signal);
    },
  };
};
