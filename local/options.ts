/** The settings of the local service, read from the environment. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { BAD_VALUE, StartError } from './start-error.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const path = (fallback: string) =>
  z
    .string()
    .optional()
    .transform((given) => resolve(given === undefined || given === '' ? fallback : given));

const wholeNumber = (fallback: number, least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, `must be a whole number from ${least} to ${most}`)
    .optional()
    .transform((given) => Number(given ?? fallback))
    .refine((value) => value >= least && value <= most, `must be from ${least} to ${most}`);

/** A port; 0 takes any free one. */
const port = (fallback: number) => wholeNumber(fallback, 0, 65_535);

const environment = z.object({
  /** Port for people: the API behind its gateway, and a page that says what this is. */
  BREVET_PORT: port(4000),
  /** Port of the AWS stand-ins. */
  BREVET_AWS_PORT: port(4001),
  /** Port of the mail, and of the page that shows it. */
  BREVET_MAIL_PORT: port(4002),
  /** Folder that holds everything that survives a restart. */
  BREVET_STATE_DIR: path('.brevet'),
  /** The organization to start with. */
  BREVET_SEED: path(here('seed/organization.yaml')),
  /** A `brevet.yaml`; its limits, administrators, auditors and policy are used. */
  BREVET_SETTINGS: path(here('settings.yaml')),
  /** Seconds between two sweeps. */
  BREVET_SWEEP_SECONDS: wholeNumber(60, 1, 3600),
  /** Whether Identity Center takes its real time to answer. */
  BREVET_STAND_IN: z.enum(['realistic', 'quick'], 'must be realistic or quick').default('realistic'),
  /** Any other DynamoDB endpoint, used instead of the one that comes along. */
  BREVET_DYNAMODB_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
});

export interface LocalOptions {
  readonly port: number;
  readonly awsPort: number;
  readonly mailPort: number;
  readonly stateFolder: string;
  readonly seedFile: string;
  readonly settingsFile: string;
  readonly sweepSeconds: number;
  readonly standInMode: 'realistic' | 'quick';
  readonly databaseEndpoint?: string;
}

const refuseSame = (ports: Readonly<Record<string, number>>): void => {
  const chosen = Object.entries(ports).filter(([, taken]) => taken !== 0);
  for (const [name, taken] of chosen) {
    const [other] = chosen.find(([another, same]) => another !== name && same === taken) ?? [];
    if (other === undefined) continue;
    throw new StartError(`${name} and ${other} are both ${taken}; they must differ`, { exitCode: BAD_VALUE });
  }
};

/** @throws StartError naming every variable whose value does not fit, with the value got. */
export const readOptions = (variables: NodeJS.ProcessEnv): LocalOptions => {
  const parsed = environment.safeParse(variables);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path: [name], message }) => {
      const variable = String(name);
      return `${variable}="${variables[variable]}" ${message}`;
    });
    throw new StartError(problems.join('\n'), { exitCode: BAD_VALUE });
  }
  const { BREVET_PORT, BREVET_AWS_PORT, BREVET_MAIL_PORT, BREVET_DYNAMODB_ENDPOINT: databaseEndpoint } = parsed.data;
  refuseSame({ BREVET_PORT, BREVET_AWS_PORT, BREVET_MAIL_PORT });
  return {
    port: BREVET_PORT,
    awsPort: BREVET_AWS_PORT,
    mailPort: BREVET_MAIL_PORT,
    stateFolder: parsed.data.BREVET_STATE_DIR,
    seedFile: parsed.data.BREVET_SEED,
    settingsFile: parsed.data.BREVET_SETTINGS,
    sweepSeconds: parsed.data.BREVET_SWEEP_SECONDS,
    standInMode: parsed.data.BREVET_STAND_IN,
    ...(databaseEndpoint === undefined ? {} : { databaseEndpoint }),
  };
};
