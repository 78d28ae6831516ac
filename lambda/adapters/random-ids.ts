/** Ids and salts from the machine's cryptographic randomness. */
import { createHash, randomBytes } from 'node:crypto';
import { ulid } from 'ulid';
import type { Ids } from '../ports/ids.ts';

const SALT_BYTES = 16;

export const createRandomIds = (): Ids => ({
  requestId: () => ulid(),
  salt: () => randomBytes(SALT_BYTES).toString('hex'),
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
});
