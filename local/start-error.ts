/** The one way in which starting fails on purpose: a message for whoever started it, and the exit code. */

/** What went wrong, and what to do about it, in words for the person at the terminal. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly exitCode: number;
  constructor(message: string, options: { exitCode?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.exitCode = options.exitCode ?? 1;
  }
}

/** Exit code for a setting whose value does not fit. */
export const BAD_VALUE = 2;

/** What a caught error says about itself. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
