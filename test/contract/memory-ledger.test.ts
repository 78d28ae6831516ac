/** The ledger's suite, on the ledger in memory. */
import { createMemoryLedger } from '../../lambda/adapters/memory/memory-ledger.ts';
import { describeLedger } from './ledger-contract.ts';

describeLedger('memory', async () => createMemoryLedger());
