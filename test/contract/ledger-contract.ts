/** What every ledger must do, whatever it is made of. */
import { describe } from 'vitest';
import type { Ledger } from '../../lambda/ports/ledger.ts';
import { describeCommits } from './ledger-commit-contract.ts';
import { describeEvents } from './ledger-event-contract.ts';
import { describeLists } from './ledger-list-contract.ts';
import { describeOpenLimit } from './ledger-open-limit-contract.ts';
import { describeWaiting } from './ledger-waiting-contract.ts';

/** @param make an empty ledger, once for each test. */
export const describeLedger = (name: string, make: () => Promise<Ledger>): void => {
  describe(`${name} ledger`, () => {
    describeCommits(make);
    describeOpenLimit(make);
    describeLists(make);
    describeEvents(make);
    describeWaiting(make);
  });
};
