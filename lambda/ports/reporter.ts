/** Tells the people who run Brevet what went wrong without stopping the story: logs and metrics. */

export interface Reporter {
  /** Something failed and will be tried again elsewhere. `fields` carry ids, never texts from people or tokens. */
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
}
