/** What to type first: the tour of a newcomer, on the terminal and on the page. */

/** Commands for a shell, in order. */
export const TOUR: readonly string[] = [
  'eval "$(npx brevet local profile)"',
  'AWS_PROFILE=maria npx brevet catalog',
  'AWS_PROFILE=maria npx brevet request payments-prod/AdministratorAccess --for 2m --reason "the payment queue is stuck"',
  'AWS_PROFILE=omar  npx brevet ls --view to-review',
  'AWS_PROFILE=omar  npx brevet approve <id>',
  'AWS_PROFILE=maria npx brevet show',
];
