/** What every ledger must do, whatever it is made of. */
import { describe } from 'vitest';
import type { Ledger } from '../../lambda/ports/ledger.ts';
import type { PumpLock } from '../../lambda/ports/pump-lock.ts';
import { describeCommits } from './ledger-commit-contract.ts';
import { describeEvents } from './ledger-event-contract.ts';
import { describeGlass } from './ledger-glass-contract.ts';
import { describeLists } from './ledger-list-contract.ts';
import { describeOpenLimit } from './ledger-open-limit-contract.ts';
import { describeWaiting } from './ledger-waiting-contract.ts';
import { describeWork } from './ledger-work-contract.ts';

/** @param makeBoth an empty ledger with the pump's lock beside it, once for each test. */
export const describeLedger = (name: string, makeBoth: () => Promise<{ ledger: Ledger; lock: PumpLock }>): void => {
  const make = async (): Promise<Ledger> => (await makeBoth()).ledger;
  describe(`${name} ledger`, () => {
    describeCommits(make);
    describeOpenLimit(make);
    describeGlass(make);
    describeLists(make);
    describeEvents(make);
    describeWaiting(make);
    describeWork(makeBoth);
  });
};
