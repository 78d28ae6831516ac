/** One question to the person at the terminal. */
import { createInterface } from 'node:readline/promises';

/** Undefined when they press Ctrl-C or Ctrl-D instead of answering. */
export const askOnTerminal = async (question: string): Promise<string | undefined> => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const leaving = new AbortController();
  for (const event of ['SIGINT', 'close'] as const) lines.on(event, () => leaving.abort());
  try {
    return await lines.question(question, { signal: leaving.signal });
  } catch (error) {
    if (!leaving.signal.aborted) throw error;
    process.stderr.write('\n');
    return undefined;
  } finally {
    lines.close();
  }
};
