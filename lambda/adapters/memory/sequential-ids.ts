/** Ids that count up, in the form of the real ones; the hash is the real one. */
import { createHash } from 'node:crypto';
import type { Ids } from '../../ports/ids.ts';

const padded = (length: number, count: number): string => String(count).padStart(length, '0');

export const createSequentialIds = (): Ids => {
  let requests = 0;
  let salts = 0;
  return {
    requestId: () => {
      requests += 1;
      return padded(26, requests);
    },
    salt: () => {
      salts += 1;
      return padded(32, salts);
    },
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
  };
};
