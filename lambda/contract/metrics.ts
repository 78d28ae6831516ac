/** What the sweep, the telling of people, the reading of the catalogue and the search for drift report, and the alarms watch. */

/** An alarm rings when an ending is so late, seconds. */
export const ENDING_LATE_SECONDS = 180;

/** An alarm rings when somebody has not been told for so long, seconds. */
export const TELLING_LATE_SECONDS = 900;

export const METRICS = {
  namespace: 'Brevet',
  /** Value of the dimension `service`. */
  service: 'brevet',
  /** One for each sweep that came to the end of what is due, or of its time for that. */
  sweepHeartbeat: 'SweepHeartbeat',
  /** How late the latest ending was that a sweep found not yet done, seconds. */
  latestEnding: 'LatestEnding',
  /** Items that a sweep could not attend to. */
  sweepFailures: 'SweepFailures',
  /** The glass was broken and nobody acknowledged it: again and again, with pauses, so that its alarm rings again. */
  glassUnacknowledged: 'BreakGlassUnacknowledged',
  /** Nobody reviewed in time that the glass was broken; again and again, too. */
  reviewOverdue: 'BreakGlassReviewOverdue',
  /** Messages to people that went out. */
  peopleTold: 'PeopleTold',
  /** People who were to be told that the glass was broken and were not, for good: no address, or nothing went out for a day. */
  peopleNotTold: 'PeopleNotTold',
  /** How long ago the oldest news happened that somebody is still to be told, seconds. */
  tellingAge: 'TellingAge',
  /** Assignments made outside and not in the baseline, and leases that lost theirs, when first seen. */
  driftFindings: 'DriftFindings',
  /** Assignments that began to be removed as drift. */
  driftRemovals: 'DriftRemovals',
  /** Drift that is still there, though its removal began minutes ago. */
  driftRemovalsOverdue: 'DriftRemovalsOverdue',
  /** Something should have been removed, and enough was in the last hour. */
  driftLimitReached: 'DriftLimitReached',
  /** Accounts that a run could not look at. */
  driftSkipped: 'DriftSkipped',
  /** Since the last full round through the accounts came to its end, or, before the first one, since drift is searched for, seconds. */
  driftRoundAge: 'DriftRoundAge',
  /** How long ago the oldest part of the catalogue was read, seconds. */
  catalogueAge: 'CatalogueAge',
} as const;
