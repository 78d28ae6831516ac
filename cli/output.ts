/** Where everything that the command says leaves it: the result on stdout, the rest on stderr, JSON or for people. */

import { neutralise, singleLine } from '../lambda/contract/plain-text.ts';
import { ERASE_LINE, type Style, styleFor } from './render/style.ts';
import { neutraliseAll, toSafeJson, wrap } from './render/text.ts';
import type { Screen, Terminal } from './terminal.ts';

/** What a renderer may know of the place where its lines go. */
export interface Page {
  readonly columns: number;
  readonly style: Style;
  readonly now: number;
  readonly timeZone: string;
}

export interface Output {
  readonly isJson: boolean;
  /** The one result. The renderer gets the document with every text neutralised. */
  answer<Content>(document: Content, render: (readable: Content, page: Page) => readonly string[]): void;
  /** For people only; JSON output goes without. */
  aside<Content>(content: Content, render: (readable: Content, page: Page) => readonly string[]): void;
  /** For people, on stderr, in both forms. */
  complain<Content>(content: Content, render: (readable: Content, page: Page) => readonly string[]): void;
  /** A message of one line on stderr, in both forms. */
  note(text: string): void;
}

const pageOn = (screen: Screen, terminal: Terminal): Page => ({
  columns: screen.columns,
  style: styleFor(screen),
  now: terminal.now(),
  timeZone: terminal.timeZone,
});

const put = (screen: Screen, lines: readonly string[]): void => screen.write(lines.map((line) => `${line}\n`).join(''));

const onErr =
  (terminal: Terminal): Output['complain'] =>
  (content, render) =>
    put(terminal.err, render(neutraliseAll(content), pageOn(terminal.err, terminal)));

export const outputOn = (terminal: Terminal, isJson: boolean): Output => ({
  isJson,
  answer: (document, render) => {
    if (isJson) terminal.out.write(`${toSafeJson(document)}\n`);
    else put(terminal.out, render(neutraliseAll(document), pageOn(terminal.out, terminal)));
  },
  aside: (content, render) => {
    if (!isJson) onErr(terminal)(content, render);
  },
  complain: onErr(terminal),
  note: (text) => {
    // Over the line of progress that may stand there.
    if (terminal.err.canRedraw) terminal.err.write(ERASE_LINE);
    put(terminal.err, wrap(`brevet: ${singleLine(neutralise(text))}`, terminal.err.columns));
  },
});
