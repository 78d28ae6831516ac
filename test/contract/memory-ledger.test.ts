/** The ledger's suite, on the ledger in memory. */
import { createMemoryLedger } from '../../lambda/adapters/memory/memory-ledger.ts';
import { createMemoryPumpLock } from '../../lambda/adapters/memory/memory-pump-lock.ts';
import { describeLedger } from './ledger-contract.ts';

describeLedger('memory', async () => {
  const lock = createMemoryPumpLock();
  return { ledger: createMemoryLedger(lock.fenceNow), lock };
});
