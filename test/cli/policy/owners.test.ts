/** `policy lint --codeowners`: whether the repository keeps a team to the file that its delegation binds. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownersBy } from '../../../cli/policy/codeowners.ts';
import { readOwners, readPolicyFiles } from '../../../cli/policy/files.ts';
import { lintOwners } from '../../../cli/policy/lint-owners.ts';

describe('CODEOWNERS', () => {
  it.each<[string, string, boolean]>([
    ['*', 'policy/a.yaml', true],
    ['*.yaml', 'policy/a.yaml', true],
    ['*.yaml', 'policy/a.yml', false],
    ['/policy/', 'policy/deep/a.yaml', true],
    ['/policy/', 'policy', false],
    ['policy/', 'other/policy/a.yaml', true],
    ['/policy/', 'other/policy/a.yaml', false],
    ['policy/a.yaml', 'policy/a.yaml', true],
    ['policy/a.yaml', 'other/policy/a.yaml', false],
    ['/policy/*', 'policy/a.yaml', true],
    ['/policy/*', 'policy/deep/a.yaml', false],
    ['**/teams', 'policy/teams/a.yaml', true],
    ['/policy/**/a.yaml', 'policy/a.yaml', true],
    ['/policy/**/a.yaml', 'policy/x/y/a.yaml', true],
    ['/policy', 'policy/a.yaml', true],
    ['/pol', 'policy/a.yaml', false],
    ['a.yaml', 'policy/aXyaml', false],
    ['/policy/a?.yaml', 'policy/a1.yaml', true],
    ['/policy/(a|b).yaml', 'policy/a.yaml', false],
  ])('%s fits %s: %s', (pattern, path, fits) => {
    expect(ownersBy(`${pattern} @acme/platform`)(path)).toEqual(fits ? ['@acme/platform'] : []);
  });

  it('goes by the last line that fits, and reads comments and lines without owners', () => {
    const text = '# all\n* @Acme/Platform @ann # both\n\n/policy/20.yaml @acme/payments\n/policy/30.yaml\n';
    const ownersOf = ownersBy(text);
    expect(ownersOf('policy/10.yaml')).toEqual(['@acme/platform', '@ann']);
    expect(ownersOf('policy/20.yaml')).toEqual(['@acme/payments']);
    expect(ownersOf('policy/30.yaml')).toEqual([]);
  });
});

describe('lint', () => {
  let root = '';
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  const delegation = (name: string, file: string): string =>
    `  - { name: ${name}, file: ${file}, writers: [w], organizational_units: [/], permission_sets: [P], max_duration: 1h }\n`;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'brevet-owners-'));
    const both = `${delegation('payments', '20-payments.yaml')}${delegation('search', '30-search.yaml')}`;
    write('policy/10-platform.yaml', `version: 1\ndelegations:\n${both}`);
    write('policy/20-payments.yaml', 'version: 1\ndelegation: payments\n');
    write('policy/30-search.yaml', 'version: 1\ndelegation: search\n');
    write('policy/policy.test.yaml', 'version: 1\ncases: []\n');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const found = async (codeowners: string, at = '.github/CODEOWNERS'): Promise<readonly string[]> => {
    write(at, codeowners);
    const parsed = await readPolicyFiles(join(root, 'policy'));
    if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
    const owned = await readOwners(join(root, 'policy'), join(root, at));
    return lintOwners({ ...parsed, ...owned }).map(({ place: { file, line, column }, message }) =>
      `${file}:${line}:${column}: ${message}`.replaceAll(`${root}/`, ''),
    );
  };

  const GOOD = '* @acme/platform\n/policy/20-payments.yaml @acme/payments\n/policy/30-search.yaml @acme/search\n';

  it.each(['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'])(
    'finds nothing where all is well: %s',
    async (at) => {
      expect(await found(GOOD, at)).toEqual([]);
    },
  );

  it.each([
    [
      'the platform team may own the file of the team, too',
      GOOD.replace('@acme/payments', '@acme/payments @acme/platform'),
    ],
    ['a team may write under two delegations', GOOD.replace('@acme/search', '@acme/payments')],
  ])('takes it that %s', async (_what, codeowners) => {
    expect(await found(codeowners)).toEqual([]);
  });

  it('tells where a delegation binds nobody', async () => {
    expect(await found('* @acme/everybody\n')).toEqual([
      'policy/10-platform.yaml:3:29: whoever owns policy/20-payments.yaml owns policy/10-platform.yaml too, so this delegation binds nobody',
      'policy/10-platform.yaml:4:27: whoever owns policy/30-search.yaml owns policy/10-platform.yaml too, so this delegation binds nobody',
    ]);
  });

  it('tells where a team may change what binds it nowhere', async () => {
    write('policy/40-more.yaml', 'version: 1\n');
    expect(await found(`${GOOD}/policy/40-more.yaml @acme/platform @ACME/payments\n.github/ @acme/search\n`)).toEqual([
      'policy/10-platform.yaml:3:29: @acme/payments owns policy/40-more.yaml too, where this delegation binds nobody',
      'policy/10-platform.yaml:4:27: @acme/search owns .github/CODEOWNERS too, where this delegation binds nobody',
    ]);
  });

  it('tells what nobody owns', async () => {
    expect(await found('/policy/20-payments.yaml @acme/payments\n/policy/30-search.yaml @acme/search\n')).toEqual([
      'policy/10-platform.yaml:1:1: by CODEOWNERS nobody owns policy/10-platform.yaml, so whoever can write to the repository may change it',
      '.github/CODEOWNERS:1:1: by CODEOWNERS nobody owns .github/CODEOWNERS, so whoever can write to the repository may change it',
      '.github/CODEOWNERS:1:1: by CODEOWNERS nobody would own policy/another.yaml, so whoever can write to the repository may add it',
    ]);
  });

  const EACH = `/.github/ @acme/platform\n/policy/10-platform.yaml @acme/platform\n${GOOD.replace('* @acme/platform\n', '')}`;

  it('tells that nobody would own a file more, though each that is there is owned', async () => {
    expect(await found(EACH)).toEqual([
      '.github/CODEOWNERS:1:1: by CODEOWNERS nobody would own policy/another.yaml, so whoever can write to the repository may add it',
    ]);
  });

  it('tells that a team may add a file that its delegation does not bind', async () => {
    expect(await found(`${GOOD}/policy/20-* @acme/payments\n`)).toEqual([
      'policy/10-platform.yaml:3:29: @acme/payments may add policy/20-payments-more.yaml beside policy/20-payments.yaml, where this delegation binds nobody',
    ]);
  });

  it('tells that another CODEOWNERS, which GitHub reads before this one, would be nobody’s', async () => {
    const without = `/docs/ @acme/platform\n/policy/ @acme/platform\n${GOOD.replace('* @acme/platform\n', '')}`;
    expect(await found(without, 'docs/CODEOWNERS')).toEqual([
      'docs/CODEOWNERS:1:1: by CODEOWNERS nobody would own .github/CODEOWNERS, so whoever can write to the repository may add it',
    ]);
  });

  it('refuses a CODEOWNERS of another repository', async () => {
    write('other/CODEOWNERS', GOOD);
    await expect(readOwners(join(root, 'policy'), join(root, 'other/CODEOWNERS'))).rejects.toThrow(
      'is not in the repository',
    );
  });
});
