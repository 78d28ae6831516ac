/** The OpenAPI document: valid, complete, kept in the documentation as it is, and made of the schemas that validate. */
import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it, test } from 'vitest';
import { DOOR_PREFIXES } from '../../lambda/contract/doors.ts';
import { openApiDocument } from '../../lambda/contract/openapi.ts';
import { PROBLEMS } from '../../lambda/contract/problem.ts';
import { openApiRules } from './openapi-rules.ts';

const kept = readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8');
const document = openApiDocument();
const read = JSON.parse(JSON.stringify(document));

/** Every value of that name anywhere in the document. */
const all = (name: string, value: unknown = read): unknown[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, held]) => [...(key === name ? [held] : []), ...all(name, held)]);
};

const at = (pointer: string): unknown =>
  pointer
    .replace(/^#\//, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], read);

test('docs/openapi.json is what the code says today (else: npm run openapi)', () => {
  expect(kept).toBe(`${JSON.stringify(document, null, 2)}\n`);
});

describe('the document', () => {
  it('is OpenAPI 3.1, with nothing in it that OpenAPI does not know', () => {
    expect(openApiRules.safeParse(read).error?.issues).toBeUndefined();
  });

  it("is valid by OpenAPI's own schema of 3.1, which finds what is not", async () => {
    const judged = async (candidate: Record<string, unknown>) => {
      const validator = new Validator();
      const { valid } = await validator.validate(candidate);
      return [validator.version, valid];
    };
    expect(await judged(read)).toEqual(['3.1', true]);
    expect(await judged({ ...read, info: { title: 'Brevet' } })).toEqual(['3.1', false]);
  });

  it('points only to what is there', () => {
    const references = all('$ref');
    expect(references.length).toBeGreaterThan(50);
    expect(references.filter((reference) => at(String(reference)) === undefined)).toEqual([]);
  });

  it('has only schemas of JSON Schema 2020-12, without a keyword that means nothing', () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false });
    formats.default(ajv);
    ajv.addKeyword('components');
    ajv.addSchema({ $id: 'document', components: read.components });
    for (const name of Object.keys(read.components.schemas)) {
      expect(() => ajv.compile({ $ref: `document#/components/schemas/${name}` }), name).not.toThrow();
    }
    const inPlace = all('schema').map((schema) => JSON.stringify(schema).replaceAll('"#/', '"document#/'));
    for (const schema of new Set(inPlace)) expect(() => ajv.compile(JSON.parse(schema)), schema).not.toThrow();
  });

  it('names each operation once, and declares the parameters that its path has', () => {
    const names = all('operationId');
    expect(new Set(names).size).toBe(names.length);
    for (const [path, methods] of Object.entries<Record<string, { parameters: { name: string; in: string }[] }>>(
      read.paths,
    )) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters } of Object.values(methods)) {
        expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(inPath);
        const places = parameters.map((one) => `${one.in} ${one.name}`);
        expect(new Set(places).size).toBe(places.length);
      }
    }
  });

  it('has every code of the table of problems, but for those of no operation', () => {
    const codes = new Set(all('enum', read.paths).concat(all('enum', read.components.responses)).flat());
    const missing = Object.keys(PROBLEMS).filter((code) => !codes.has(code));
    expect(missing.sort()).toEqual(['method_not_allowed', 'request_not_due', 'route_unknown']);
  });

  it('has a server and a way to sign in for every door', () => {
    const { servers, security, components } = read;
    expect(servers.map(({ url }: { url: string }) => url)).toEqual(
      Object.values(DOOR_PREFIXES).map((prefix) => `{address}${prefix}`),
    );
    expect(security.flatMap(Object.keys)).toEqual(Object.keys(components.securitySchemes));
    expect(Object.keys(components.securitySchemes)).toEqual(Object.keys(DOOR_PREFIXES));
  });

  it('refuses unknown fields in bodies, and leaves answers open for fields to come', () => {
    const { SubmitBody, EmptyBody, RequestDetail, Me } = read.components.schemas;
    expect([SubmitBody, SubmitBody.properties.target, EmptyBody].map((schema) => schema.additionalProperties)).toEqual([
      false,
      false,
      false,
    ]);
    expect([RequestDetail, Me].map((schema) => 'additionalProperties' in schema)).toEqual([false, false]);
  });
});
