/** Bundles the `brevet` command: `node scripts/build-cli.ts [folder]` writes `brevet.mjs` and the parts that it loads late. */
import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const pathOf = (relative: string): string => fileURLToPath(new URL(`../${relative}`, import.meta.url));

/** Where package.json expects the command. */
const FOLDER = pathOf('dist');
/** Beside the command. One file would start twice as slowly: everything in it would be compiled and linked for `--help`. */
const PARTS = 'brevet';

// Some of the SDK is CommonJS, and requires Node's own modules at run time.
const BANNER = `#!/usr/bin/env node
import { createRequire as brevetCreateRequire } from 'node:module';
const require = brevetCreateRequire(import.meta.url);`;

/** Parts have their content in their names; those of earlier builds would pile up. */
const removeOthers = async (folder: string, kept: ReadonlySet<string>): Promise<void> => {
  for (const name of await readdir(folder)) if (!kept.has(name)) await rm(join(folder, name));
};

/** Answers with the path of the command. */
export const buildCli = async (folder: string = FOLDER): Promise<string> => {
  await mkdir(join(folder, PARTS), { recursive: true });
  const { metafile } = await build({
    entryPoints: { brevet: pathOf('cli/main.ts') },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    chunkNames: `${PARTS}/[name]-[hash]`,
    splitting: true,
    bundle: true,
    platform: 'node',
    // The SDK's ESM builds: only what is used of them comes along.
    mainFields: ['module', 'main'],
    // Outside npm scripts it runs on the user's own Node.
    target: 'node20',
    format: 'esm',
    minify: true,
    keepNames: true,
    legalComments: 'none',
    banner: { js: BANNER },
    metafile: true,
    logLevel: 'warning',
  });
  await removeOthers(join(folder, PARTS), new Set(Object.keys(metafile.outputs).map((path) => basename(path))));
  const command = join(folder, 'brevet.mjs');
  await chmod(command, 0o755);
  return command;
};

if (import.meta.main) await buildCli(process.argv[2]);
