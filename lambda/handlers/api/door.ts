/** A door of the API: the paths behind it, and the one place where the identity of a caller who came through it is read. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { ProvenIdentity } from '../../domain/proven-identity.ts';
import type { Refusal } from '../../domain/refusal.ts';

export interface Door {
  /** Every path behind this door begins so, with a slash after it. */
  readonly prefix: string;
  /**
   * Who this door has proven the caller to be; a refusal when its proof names nobody; undefined when there is no proof.
   * NB. Reads the door's own context (what API Gateway's authorization left there) and nothing that a caller can write.
   */
  readonly identityBehind: (event: APIGatewayProxyEvent) => ProvenIdentity | Refusal | undefined;
  /** What a caller who proved nothing should do, for people. */
  readonly howToSignIn: string;
}
