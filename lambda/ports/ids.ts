/** The only source of randomness, and the hash of the audit chain. */
import type { Sha256 } from '../domain/audit-event.ts';

export interface Ids {
  /** A new request id: 26 characters, sorts by time (ULID). */
  requestId(): string;
  /** 128 random bits, hexadecimal. */
  salt(): string;
  readonly sha256: Sha256;
}
