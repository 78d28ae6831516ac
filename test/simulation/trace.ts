/** What happened, line by line, for whoever replays a seed. */

/** Takes the line only if somebody reads it. */
export type Trace = (line: () => string) => void;

export const SILENT: Trace = () => {};

export const tracing =
  (now: () => number, write: (line: string) => void, about?: string): Trace =>
  (line) => {
    const text = line();
    if (about === undefined || text.includes(about)) write(`${new Date(now()).toISOString()} ${text}`);
  };
