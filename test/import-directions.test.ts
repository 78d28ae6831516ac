/** Imports run one way: handlers → use-cases → ports → domain, and the domain imports nothing but itself. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, wrongImports } from './import-rules.ts';

const ROOT = join(import.meta.dirname, '..');
const FOLDERS = ['lambda', 'lib', 'bin', 'cli', 'web', 'local'];
const FILES = FOLDERS.flatMap((folder) =>
  globSync(`${folder}/**/*.{ts,tsx,mts,js,jsx,mjs}`, { cwd: ROOT, exclude: ['**/node_modules/**', '**/dist/**'] }),
);

describe('every import', () => {
  it.each(FOLDERS.filter((folder) => folder !== 'web'))('in %s runs the right way', (folder) => {
    const files = FILES.filter((file) => file.startsWith(`${folder}/`));
    expect(files).not.toEqual([]);
    expect(files.flatMap((file) => wrongImports(file, readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
  });

  it('in web runs the right way, once there is one', () => {
    const files = FILES.filter((file) => file.startsWith('web/'));
    expect(files.flatMap((file) => wrongImports(file, readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
  });

  it('is seen at all: the sources are full of them', () => {
    const count = FILES.flatMap((file) => importsOf(readFileSync(join(ROOT, file), 'utf8'))).length;
    expect(count).toBeGreaterThan(300);
  });
});

describe('the checker', () => {
  it.each([
    ['lambda/domain/x.ts', "import { y } from './y.ts';", 'right'],
    ['lambda/domain/policy/x.ts', "import { y } from '../time.ts';", 'right'],
    ['lambda/domain/x.ts', "import { createHash } from 'node:crypto';", 'wrong'],
    ['lambda/domain/x.ts', "import * as z from 'zod';", 'wrong'],
    ['lambda/domain/x.ts', "import type { Ledger } from '../ports/ledger.ts';", 'wrong'],
    ['lambda/domain/x.ts', "export { a } from '../contract/limits.ts';", 'wrong'],
    ['lambda/domain/x.ts', "import\n  type { A,\n  B } from\n '../ports/a.ts';", 'wrong'],
    ['lambda/domain/x.ts', "const a = await import('node:fs');", 'wrong'],
    ['lambda/domain/x.ts', "type A = import('../ports/a.ts').A;", 'wrong'],
    ['lambda/domain/x.ts', "import 'source-map-support';", 'wrong'],
    ['lambda/domain/x.ts', "const fs = require('node:fs');", 'wrong'],
    ['lambda/domain/x.ts', "import { y } from '../domain-like/y.ts';", 'wrong'],
    ['lambda/domain/x.ts', "// import { y } from '../ports/y.ts';", 'right'],
    ['lambda/domain/x.ts', "/** Read it from 'elsewhere'. */", 'right'],
    ['lambda/contract/x.ts', "import * as z from 'zod';\nimport { createHash } from 'node:crypto';", 'right'],
    ['lambda/contract/x.ts', "import { z } from 'zod/mini';", 'right'],
    ['lambda/contract/x.ts', "import { readFileSync } from 'node:fs';", 'wrong'],
    ['lambda/contract/x.ts', "import type { Policy } from '../domain/policy/policy.ts';", 'wrong'],
    ['lambda/ports/x.ts', "import type { Instant } from '../domain/time.ts';", 'right'],
    ['lambda/ports/x.ts', "import type { World } from '../use-cases/world.ts';", 'wrong'],
    ['lambda/use-cases/x.ts', "import type { Ledger } from '../ports/ledger.ts';", 'right'],
    ['lambda/use-cases/x.ts', "import { ROUTES } from '../contract/api.ts';", 'wrong'],
    ['lambda/use-cases/x.ts', "import { createLedger } from '../adapters/dynamo-ledger.ts';", 'wrong'],
    ['lambda/use-cases/x.ts', "import { randomUUID } from 'node:crypto';", 'wrong'],
    ['lambda/adapters/x.ts', "import { SFNClient } from '@aws-sdk/client-sfn';", 'right'],
    ['lambda/adapters/x.ts', "import { submitRequest } from '../use-cases/submit-request.ts';", 'wrong'],
    ['lambda/handlers/x.ts', "import { composeApi } from '../composition.ts';", 'right'],
    ['lambda/handlers/x.ts', "import { createLedger } from '../adapters/dynamo-ledger.ts';", 'wrong'],
    ['lambda/composition.ts', "import { createLedger } from './adapters/dynamo-ledger.ts';", 'right'],
    ['lambda/composition.ts', "import { handler } from './handlers/api.ts';", 'wrong'],
    ['lib/x.ts', "import { ENVIRONMENT } from '../lambda/contract/environment.ts';", 'right'],
    ['lib/x.ts', "import type { Lease } from '../lambda/domain/lease.ts';", 'wrong'],
    ['bin/x.ts', "import { AccessStack } from '../lib/access-stack.ts';", 'right'],
    ['cli/x.ts', "import { PROBLEMS } from '../lambda/contract/problem.ts';", 'right'],
    ['cli/commands/x.ts', "import { start } from '../../local/deployment.ts';", 'wrong'],
    ['web/x.tsx', "import type { Lease } from '../lambda/domain/lease.ts';", 'wrong'],
    ['local/x.ts', "import { handler } from '../lambda/handlers/api.ts';", 'right'],
    ['local/x.ts', "import { run } from '../cli/program.ts';", 'wrong'],
    ['local/x.ts', "import { createLedger } from '../lambda/adapters/dynamo-ledger.ts';", 'wrong'],
    ['local/x.ts', "import { at } from '../test/domain/samples.ts';", 'wrong'],
    ['lib/x.ts', "import { at } from '../test/domain/samples.ts';", 'wrong'],
    ['lambda/elsewhere/x.ts', '', 'wrong'],
  ])('finds in %s that %j is %s', (file, source, expected) => {
    expect(wrongImports(file, source).length > 0 ? 'wrong' : 'right').toBe(expected);
  });

  it('says which file imports what', () => {
    const source = "import { a } from './a.ts';\nimport { b } from '../ports/b.ts';";
    expect(wrongImports('lambda/domain/x.ts', source)).toEqual(['lambda/domain/x.ts imports ../ports/b.ts']);
  });
});
