/** Progress on stderr: a line for each change and, on a terminal, the present state redrawn below. */

import { neutralise, singleLine } from '../lambda/contract/plain-text.ts';
import { ERASE_LINE } from './render/style.ts';
import { cut, wrap } from './render/text.ts';
import type { Screen } from './terminal.ts';

export interface Progress {
  /** What goes on now; shown on a terminal only, until it changes. */
  now(text: string): void;
  /** What has happened: a line that stays. */
  happened(text: string): void;
  stop(): void;
}

const FRAMES = ['|', '/', '-', '\\'] as const;
const FRAME_MS = 150;

const safe = (text: string): string => singleLine(neutralise(text));

const linesOn = (screen: Screen): Progress => ({
  now: () => undefined,
  happened: (text) => screen.write(`${wrap(safe(text), screen.columns).join('\n')}\n`),
  stop: () => undefined,
});

const redrawnOn = (screen: Screen): Progress => {
  let text = '';
  let frame = 0;
  const draw = (): void => {
    frame += 1;
    screen.write(`${ERASE_LINE}${cut(`${FRAMES[frame % FRAMES.length]} ${text}`, screen.columns - 1)}`);
  };
  const timer = setInterval(draw, FRAME_MS);
  timer.unref();
  return {
    now: (next) => {
      text = safe(next);
    },
    happened: (line) => {
      screen.write(`${ERASE_LINE}${wrap(safe(line), screen.columns).join('\n')}\n`);
    },
    stop: () => {
      clearInterval(timer);
      screen.write(ERASE_LINE);
    },
  };
};

export const progressOn = (screen: Screen): Progress => (screen.canRedraw ? redrawnOn(screen) : linesOn(screen));
