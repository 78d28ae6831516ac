/** What the local service says at the terminal: progress while it starts, then a few lines, then only what goes wrong. */

export interface Terminal {
  /** Shows what is being done, and how long it took. */
  step<Result>(what: string, work: () => Promise<Result>): Promise<Result>;
  say(text: string): void;
  /** Something that whoever sits there should know, with the time. */
  warn(text: string): void;
}

const ERASE_LINE = '\r\u001b[2K';

const seconds = (sinceMs: number): string => `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;

export const createTerminal = (stream: NodeJS.WriteStream): Terminal => ({
  step: async (what, work) => {
    const start = Date.now();
    if (stream.isTTY) stream.write(`  …   ${what}`);
    try {
      const result = await work();
      stream.write(`${stream.isTTY ? ERASE_LINE : ''}  ok  ${what} (${seconds(start)})\n`);
      return result;
    } catch (error) {
      stream.write(`${stream.isTTY ? ERASE_LINE : ''}  --  ${what}\n`);
      throw error;
    }
  },
  say: (text) => void stream.write(`${text}\n`),
  warn: (text) => void stream.write(`${new Date().toTimeString().slice(0, 8)} ! ${text}\n`),
});
