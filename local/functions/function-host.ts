/** What runs the code of the functions: a thread of its own in the service, plain functions in tests. */

export interface InvocationContext {
  readonly requestId: string;
  /** Epoch milliseconds at which the function is out of time. */
  readonly deadline: number;
}

/** What Lambda puts into the payload of a failed invocation. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** Payloads are JSON texts, as on the wire. */
export type FunctionOutcome =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly error: FunctionError };

export interface FunctionHost {
  /** Never rejects: whatever goes wrong is a function error, as in Lambda. */
  run(functionName: string, payload: string, context: InvocationContext): Promise<FunctionOutcome>;
  close(): Promise<void>;
}
