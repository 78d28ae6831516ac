/** Names of the metrics that the functions report and the alarms watch. */

export const METRICS = {
  namespace: 'Brevet',
  /** Value of the dimension `service`. */
  service: 'brevet',
  /** One for each sweep that came to its end. */
  sweepHeartbeat: 'SweepHeartbeat',
  /** How late the latest ending was that a sweep found not yet done, seconds. */
  latestEnding: 'LatestEnding',
  /** Items that a sweep could not attend to. */
  sweepFailures: 'SweepFailures',
  /** How long ago the oldest part of the catalogue was read, seconds. */
  catalogueAge: 'CatalogueAge',
} as const;
