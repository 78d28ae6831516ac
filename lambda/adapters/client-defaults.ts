/** How every SDK client is built: it gives up in time to be tried again, and slows down when it is throttled. */

/** To be spread into the options of any SDK client. */
export const clientDefaults = {
  /** Identity Center bears 20 requests/s for everyone together: adaptive clients slow themselves down. */
  retryMode: 'adaptive',
  /** At most so many tries of one call, the first one counted. */
  maxAttempts: 4,
  /** Milliseconds. Without `throwOnRequestTimeout` the SDK would only log that a request takes too long. */
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 6_000, throwOnRequestTimeout: true },
} as const;

/** For whoever decides for himself when to try again: the pump, which shares out what Identity Center bears. */
export const unrepeated = { ...clientDefaults, retryMode: 'standard', maxAttempts: 1 } as const;
