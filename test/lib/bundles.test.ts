/** Bundles the functions as a deploy does, and starts each with the environment that the stack gives it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAIL, OIDC, synthesized } from './synthesized.ts';

const NAMES = [
  'Api',
  'Authorizer',
  'Workflow',
  'Converge',
  'Sweep',
  'Catalogue',
  'Census',
  'PolicyCheck',
  'Tell',
] as const;
type Name = (typeof NAMES)[number];

let folder = '';
const bundles = new Map<Name, { readonly path: string; readonly environment: Record<string, string> }>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'brevet-bundles-'));
  const { template } = synthesized({ oidc: OIDC, mail: MAIL }, { bundledInto: folder });
  const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
  for (const name of NAMES) {
    const [, found] = functions.find(([logicalId]) => logicalId.startsWith(`${name}Function`)) ?? [];
    const variables: Record<string, unknown> = found?.Properties.Environment.Variables;
    bundles.set(name, {
      path: join(folder, `asset.${found?.Properties.Code.S3Key.replace('.zip', '')}`, 'index.mjs'),
      environment: Object.fromEntries(
        Object.entries(variables).map(([key, value]) => [key, typeof value === 'string' ? value : 'a-reference']),
      ),
    });
  }
}, 120_000);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const bundleOf = (name: Name) => {
  const bundle = bundles.get(name);
  if (!bundle) throw new Error(`${name} was not bundled`);
  return bundle;
};

describe.each(NAMES)('the bundle of %s', (name) => {
  it('starts with what the stack tells it, and exports its handler', () => {
    const { path, environment } = bundleOf(name);
    const script = `import(${JSON.stringify(path)}).then(({ handler }) => console.log(typeof handler))`;
    const answer = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...environment, AWS_REGION: 'us-east-1' },
      encoding: 'utf8',
    });
    expect(answer.trim()).toBe('function');
  });

  it('carries its source map, and is below a megabyte', () => {
    const { path } = bundleOf(name);
    expect(readdirSync(join(path, '..'))).toContain('index.mjs.map');
    expect(statSync(path).size).toBeLessThan(1_000_000);
  });
});

it('the authorizer carries neither the SDK nor schemas, since somebody waits for it first', () => {
  expect(statSync(bundleOf('Authorizer').path).size).toBeLessThan(150_000);
});
