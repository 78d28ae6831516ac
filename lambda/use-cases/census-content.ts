/** What was counted, as far as it can be read. */
import type { Census } from '../domain/census.ts';
import type { CensusSource } from '../ports/census-store.ts';
import { ServiceFault } from '../ports/faults.ts';

/** Of content that is damaged, gone, or of another version of Brevet: counted anew, it is as it should be. */
const UNREADABLE: ReadonlySet<string> = new Set(['PieceMissing', 'HashMismatch', 'NotUnpacked', 'UnknownShape']);

/** Undefined where it will never be read. @throws ServiceFault where it cannot be read now */
export const readCensus = async (census: CensusSource, version: string): Promise<Census | undefined> => {
  try {
    return await census.read(version);
  } catch (fault) {
    if (fault instanceof ServiceFault && UNREADABLE.has(fault.code)) return undefined;
    throw fault;
  }
};
