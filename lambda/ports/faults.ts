/** The outside failed: thrown by adapters, told apart by a literal name, never shown to people as it is. */

/** Which outside service failed. */
export type FaultSource =
  | 'database'
  | 'identity-center'
  | 'identity-store'
  | 'organizations'
  | 'workflow'
  | 'functions'
  | 'policy'
  | 'issuer'
  | 'on-call'
  | 'mail';

/** An outside service did not answer, or answered that it cannot now. Retrying may help. */
export class ServiceFault extends Error {
  override readonly name = 'ServiceFault';
  readonly source: FaultSource;
  /** The service's own error name, such as `ThrottlingException`. */
  readonly code: string;
  constructor(source: FaultSource, code: string, cause: unknown) {
    super(`${source}: ${code}`, { cause });
    this.source = source;
    this.code = code;
  }
}

/** Somebody else changed what was read, more often than was worth retrying. */
export class ConflictFault extends Error {
  override readonly name = 'ConflictFault';
  readonly code = 'changed_meanwhile';
}

/** The answer would come later than the caller can wait for it. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}
