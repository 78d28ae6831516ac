/** Verifies AWS Signature Version 4 by signing the same request again with the secret that belongs to the key. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import {
  type DoorRefusal,
  incompleteSignature,
  invalidSignature,
  missingToken,
  unknownKey,
  wrongSignature,
} from './refusal.ts';

/** A request as it came in: path and query as sent, header names in lower case. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface Verifier {
  readonly region: string;
  /** The secret of an access key, or undefined for a key that nobody has. */
  readonly secretOf: (accessKeyId: string) => string | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const SERVICE = 'execute-api';
const SKEW_MS = 5 * 60 * 1000;
const PAYLOAD_HASH = 'x-amz-content-sha256';

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256\s+Credential=(?<key>[A-Z0-9]{16,128})\/(?<date>\d{8})\/(?<region>[^/,\s]+)\/(?<service>[^/,\s]+)\/aws4_request,\s*SignedHeaders=(?<names>[a-z0-9;_.-]+),\s*Signature=(?<signature>[0-9a-f]{64})$/;

interface Credential {
  readonly key: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const readAuthorization = (header: string): Credential | undefined => {
  const found = AUTHORIZATION.exec(header)?.groups;
  if (!found) return undefined;
  const { key = '', date = '', region = '', service = '', names = '', signature = '' } = found;
  return { key, date, region, service, signedHeaders: names.split(';'), signature };
};

const AMZ_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** `20260102T030405Z`, or undefined. */
const readAmzDate = (text: string): Date | undefined => {
  if (!AMZ_DATE.test(text)) return undefined;
  const date = new Date(text.replace(AMZ_DATE, '$1-$2-$3T$4:$5:$6Z'));
  return Number.isNaN(date.getTime()) ? undefined : date;
};

const writeAmzDate = (epochMs: number): string => new Date(epochMs).toISOString().replace(/[-:]|\.\d+/g, '');

/** Why the scope of the signature is not for this API at this time; undefined when it is. */
const refuseScope = (credential: Credential, amzDate: string, { region, now }: Verifier): DoorRefusal | undefined => {
  if (credential.region !== region) return invalidSignature('Credential should be scoped to a valid region.');
  if (credential.service !== SERVICE) {
    return invalidSignature(`Credential should be scoped to correct service: '${SERVICE}'.`);
  }
  const signedAt = readAmzDate(amzDate);
  if (signedAt === undefined || !amzDate.startsWith(credential.date)) {
    return invalidSignature(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date: '${amzDate}'`,
    );
  }
  const edge = now();
  if (signedAt.getTime() < edge - SKEW_MS) {
    return invalidSignature(
      `Signature expired: ${amzDate} is now earlier than ${writeAmzDate(edge - SKEW_MS)} (${writeAmzDate(edge)} - 5 min.)`,
    );
  }
  if (signedAt.getTime() > edge + SKEW_MS) {
    return invalidSignature(
      `Signature not yet current: ${amzDate} is still later than ${writeAmzDate(edge + SKEW_MS)} (${writeAmzDate(edge)} + 5 min.)`,
    );
  }
  return undefined;
};

const refuseHeaders = ({ signedHeaders }: Credential): DoorRefusal | undefined => {
  if (!signedHeaders.includes('host')) {
    return invalidSignature("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  if (signedHeaders.includes('x-amz-date')) return undefined;
  return invalidSignature("'X-Amz-Date' must be a 'SignedHeader' in the AWS Authorization.");
};

const queryOf = (parameters: URLSearchParams): Record<string, string[]> => {
  const query: Record<string, string[]> = Object.create(null);
  for (const [name, value] of parameters) query[name] = [...(query[name] ?? []), value];
  return query;
};

/** Only what the client signed goes in, so that headers added on the way do not matter. */
const signedAgain = async (
  request: SignedRequest,
  { key: accessKeyId, signedHeaders }: Credential,
  secretAccessKey: string,
  { region, amzDate }: { region: string; amzDate: string },
): Promise<string> => {
  const signer = new SignatureV4({
    service: SERVICE,
    region,
    credentials: { accessKeyId, secretAccessKey },
    sha256: Sha256,
    applyChecksum: false,
  });
  const { headers } = await signer.sign(
    new HttpRequest({
      method: request.method,
      path: request.path,
      query: queryOf(request.query),
      headers: Object.fromEntries(signedHeaders.map((name) => [name, request.headers[name] ?? ''])),
      body: request.body,
    }),
    { signingDate: readAmzDate(amzDate) ?? new Date(0), signableHeaders: new Set(signedHeaders) },
  );
  return readAuthorization(headers.authorization ?? '')?.signature ?? '';
};

/** NB. The hash that the client names is signed instead of the body, so it has to be the hash of the body that came. */
const hashFits = ({ headers, body }: SignedRequest): boolean => {
  const named = headers[PAYLOAD_HASH];
  return named === undefined || named === createHash('sha256').update(body).digest('hex');
};

const sameText = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** @returns the access key whose secret signed the request, or API Gateway's refusal. */
export const verifySignature = async (
  request: SignedRequest,
  verifier: Verifier,
): Promise<{ readonly accessKeyId: string } | DoorRefusal> => {
  const header = request.headers.authorization;
  if (header === undefined) return missingToken;
  const credential = readAuthorization(header);
  if (credential === undefined) {
    return incompleteSignature(
      "Authorization header requires 'AWS4-HMAC-SHA256' with 'Credential', 'SignedHeaders' and 'Signature' parameters.",
    );
  }
  const amzDate = request.headers['x-amz-date'] ?? '';
  const refusal = refuseHeaders(credential) ?? refuseScope(credential, amzDate, verifier);
  if (refusal) return refusal;
  const secret = verifier.secretOf(credential.key);
  // The seed people have keys of their own, which go without a session token.
  if (secret === undefined || request.headers['x-amz-security-token'] !== undefined) return unknownKey;
  const expected = await signedAgain(request, credential, secret, { region: verifier.region, amzDate });
  return hashFits(request) && sameText(expected, credential.signature)
    ? { accessKeyId: credential.key }
    : wrongSignature;
};
