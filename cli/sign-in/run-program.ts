/** Runs a program that is expected to be there or not, and to answer soon. */
import { spawn } from 'node:child_process';

/** Time for somebody to unlock a store that asks them. */
const PATIENCE_MS = 60_000;

/** What it printed; undefined when it is missing, fails or hangs. */
export const run = (command: string, args: readonly string[], input = ''): Promise<string | undefined> =>
  new Promise((done) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], timeout: PATIENCE_MS });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    child.on('error', () => done(undefined));
    child.on('close', (code) => done(code === 0 ? printed : undefined));
    child.stdin.on('error', () => undefined).end(input);
  });
