/** How large each function is and how long its modules take to initialise, beside an empty one, all bundled as they are deployed. */
import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Template } from 'aws-cdk-lib/assertions';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { App, Stack } from 'aws-cdk-lib/core';
import { BUNDLING } from '../lib/access-function.ts';
import { AccessStack } from '../lib/access-stack.ts';
import { readConfiguration } from '../lib/settings-file.ts';
import { ROOT } from './local-service.ts';
import { type Effort, fixed, type Section, table, whole } from './report.ts';
import { median } from './statistics.ts';
import { makeFolder, removeFolder } from './temporary-folder.ts';

const ROUNDS = { quick: 9, full: 21 };
const TARGET = 2;
const EMPTY = 'Empty';
const NAMES = [
  EMPTY,
  'Api',
  'Workflow',
  'Converge',
  'Sweep',
  'Drift',
  'Catalogue',
  'Census',
  'PolicyCheck',
  'Authorizer',
] as const;
type Name = (typeof NAMES)[number];

const OIDC = {
  issuer: 'https://login.example.com',
  audience: ['https://brevet.example.com'],
  claim: 'preferred_username',
  maps_to: 'user_name' as const,
  scopes: ['openid'],
};

interface Bundle {
  readonly name: Name;
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
}

interface LambdaProperties {
  readonly Code: { readonly S3Key: string };
  readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> };
}

/** The function with its references left out: initialising needs no more than that there is something. */
const bundleFrom = (name: Name, folder: string, { Code, Environment }: LambdaProperties): Bundle => ({
  name,
  path: join(folder, `asset.${Code.S3Key.replace('.zip', '')}`, 'index.mjs'),
  environment: Object.fromEntries(
    Object.entries(Environment?.Variables ?? {}).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : 'any',
    ]),
  ),
});

const findBundle = (stack: Stack, name: Name, folder: string): Bundle => {
  const functions = Object.entries(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  const [, found] = functions.find(([logicalId]) => logicalId.startsWith(`${name}Function`)) ?? [];
  if (!found) throw new Error(`the stack has no function ${name}`);
  return bundleFrom(name, folder, found.Properties as LambdaProperties);
};

const bundleAll = (folder: string): readonly Bundle[] => {
  const { context } = JSON.parse(readFileSync(`${ROOT}cdk.json`, 'utf8')) as { context: Record<string, unknown> };
  const app = new App({ analyticsReporting: false, context, outdir: folder });
  const configuration = readConfiguration(`${ROOT}examples/brevet.yaml`);
  const settings = { ...configuration.settings, oidc: OIDC };
  const brevet = new AccessStack(app, 'Brevet', { ...configuration, settings, isExample: false });
  const beside = new Stack(app, 'Beside');
  new NodejsFunction(beside, `${EMPTY}Function`, {
    entry: `${ROOT}bench/empty-handler.ts`,
    depsLockFilePath: `${ROOT}package-lock.json`,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    bundling: BUNDLING,
    environment: { NODE_OPTIONS: '--enable-source-maps' },
  });
  return NAMES.map((name) => findBundle(name === EMPTY ? beside : brevet, name, folder));
};

interface Initialisation {
  readonly wallMs: number;
  readonly processorMs: number;
}

/** Prints how long the import took, by the clock and by the processor. */
const SCRIPT = `
const before = process.cpuUsage();
const since = performance.now();
await import(process.argv[1]);
const wallMs = performance.now() - since;
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ wallMs, processorMs: (user + system) / 1000 }));
process.exit();`;

/** In a process of its own, as Lambda starts one. */
const initialise = async ({ path, environment }: Bundle): Promise<Initialisation> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', SCRIPT, `file://${path}`],
    { env: { ...environment, AWS_REGION: 'us-east-1' } },
  );
  return JSON.parse(stdout) as Initialisation;
};

type Timed = ReadonlyMap<Name, readonly Initialisation[]>;

/** In turns, so that whatever else the machine does falls on all alike; the first round only warms the file cache. */
const timeAll = async (bundles: readonly Bundle[], rounds: number): Promise<Timed> => {
  const times = new Map<Name, Initialisation[]>(bundles.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const bundle of bundles) {
      const time = await initialise(bundle);
      if (round > 0) times.get(bundle.name)?.push(time);
    }
  }
  return times;
};

const render = (bundles: readonly Bundle[], times: Timed, rounds: number): string => {
  const sizeOf = (name: Name): number => statSync(bundles.find((one) => one.name === name)?.path ?? '').size;
  const timeOf = (name: Name, part: keyof Initialisation): number =>
    median((times.get(name) ?? []).map((time) => time[part]));
  const ratio = (value: number, base: number): string => `${fixed(value / base, 2)}×`;
  return [
    `Bundled as the stack does; initialised in ${rounds} fresh processes each, in turns, medians.`,
    table(
      [
        'function',
        'bytes',
        'of the empty one',
        'initialise, ms',
        'of the empty one',
        'processor, ms',
        'of the empty one',
      ],
      NAMES.map((name) => [
        name === EMPTY ? 'empty, with the DynamoDB document client' : name,
        whole(sizeOf(name)),
        ratio(sizeOf(name), sizeOf(EMPTY)),
        fixed(timeOf(name, 'wallMs'), 1),
        ratio(timeOf(name, 'wallMs'), timeOf(EMPTY, 'wallMs')),
        fixed(timeOf(name, 'processorMs'), 1),
        ratio(timeOf(name, 'processorMs'), timeOf(EMPTY, 'processorMs')),
      ]),
    ),
    `Target: at most ${TARGET}× in bytes and in time.`,
  ].join('\n\n');
};

export const measureBundles = async ({ quick, say }: Effort): Promise<Section> => {
  const folder = makeFolder();
  try {
    const bundles = bundleAll(folder);
    say('bundled; now initialising');
    const rounds = quick ? ROUNDS.quick : ROUNDS.full;
    const times = await timeAll(bundles, rounds);
    return { title: 'Size and initialisation of the functions', text: render(bundles, times, rounds) };
  } finally {
    removeFolder(folder);
  }
};
