/** The statuses of a request, on the wire and in the table. */
export const STATUSES = [
  'pending',
  'scheduled',
  'granting',
  'active',
  'ending',
  'ended',
  'rejected',
  'cancelled',
  'expired',
  'failed',
] as const;
