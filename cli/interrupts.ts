/** Interrupts, held from the moment there is something to clean up: none ends this command, each goes to what is done now. */
import type { Interrupt, Terminal } from './terminal.ts';

export interface Interrupts {
  /** The first that came. */
  readonly first: Interrupt | undefined;
  /** Aborted by the next interrupt, or already when one has come. */
  nextOrEarlier(): AbortSignal;
  /** Aborted by an interrupt from now on. */
  next(): AbortSignal;
  /** Interrupts go there until the next call of any of these. */
  goTo(handler: (signal: Interrupt) => void): void;
}

export const holdInterrupts = (terminal: Terminal): Interrupts => {
  let first: Interrupt | undefined;
  let handler: ((signal: Interrupt) => void) | undefined;
  terminal.onEveryInterrupt((signal) => {
    first ??= signal;
    handler?.(signal);
  });
  const next = (): AbortSignal => {
    const controller = new AbortController();
    handler = (signal) => controller.abort(signal);
    return controller.signal;
  };
  return {
    get first() {
      return first;
    },
    next,
    nextOrEarlier: () => (first === undefined ? next() : AbortSignal.abort(first)),
    goTo: (given) => {
      handler = given;
    },
  };
};
