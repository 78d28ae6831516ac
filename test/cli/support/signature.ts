/** Signature Version 4 written out anew from AWS's description, to check what the command sends. */
import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The example key pair of AWS's documentation. */
export const ACCESS_KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
export const SECRET_ACCESS_KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)\/(?<day>\d{8})\/(?<region>[^/]+)\/(?<service>[^/]+)\/aws4_request, SignedHeaders=(?<names>[^,]+), Signature=(?<signature>[0-9a-f]{64})$/;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

const canonicalQuery = (search: string): string =>
  search
    .replace(/^\?/, '')
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return `${encode(decodeURIComponent(name))}=${encode(decodeURIComponent(value))}`;
    })
    .sort()
    .join('&');

export type Verdict =
  | { readonly valid: true; readonly region: string; readonly service: string; readonly signed: readonly string[] }
  | { readonly valid: false; readonly why: string };

/** Whether the example key pair signed exactly this call. */
export const verify = (request: IncomingMessage, body: string): Verdict => {
  const parts = AUTHORIZATION.exec(request.headers.authorization ?? '')?.groups;
  if (!parts) return { valid: false, why: `no Signature Version 4: ${request.headers.authorization}` };
  const { key = '', day = '', region = '', service = '', names = '', signature = '' } = parts;
  if (key !== ACCESS_KEY_ID) return { valid: false, why: `unknown key ${key}` };
  const url = new URL(request.url ?? '/', 'http://unused');
  const signed = names.split(';');
  const canonical = [
    request.method,
    url.pathname
      .split('/')
      .map((segment) => encode(segment))
      .join('/'),
    canonicalQuery(url.search),
    ...signed.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}`),
    '',
    names,
    sha256(body),
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const signingKey = [day, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${SECRET_ACCESS_KEY}`);
  const expected = hmac(signingKey, toSign).toString('hex');
  return expected === signature ? { valid: true, region, service, signed } : { valid: false, why: 'wrong signature' };
};
