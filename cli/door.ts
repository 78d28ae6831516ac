/** Through which door of the service calls go, and how they are proven there. */
import { DOOR_PREFIXES } from '../lambda/contract/doors.ts';
import type { Caller } from './aws-profile.ts';
import { findRegion } from './endpoint.ts';
import { Failure, failure, usage } from './failure.ts';
import type { Sign } from './signing.ts';
import type { Terminal } from './terminal.ts';

export type DoorName = keyof typeof DOOR_PREFIXES;
const NAMES = Object.keys(DOOR_PREFIXES) as DoorName[];

export interface Door {
  readonly name: DoorName;
  readonly sign: Sign;
  /** What to do when the service takes the proof for none. */
  readonly howToSignIn?: string;
}

export interface DoorOptions {
  readonly endpoint: URL;
  /** `--auth` */
  readonly auth: string | undefined;
  /** `--region` */
  readonly region: string | undefined;
  readonly caller: Caller;
  readonly terminal: Terminal;
}

const named = (text: string, where: string): DoorName => {
  const found = NAMES.find((name) => name === text);
  if (found) return found;
  throw usage(`${where} "${text}" is no door of the service.`, `Write ${NAMES.join(' or ')}.`);
};

/** What was said, in the order of how deliberately: on the command line, in the environment, in the profile. */
const wanted = ({ auth, caller, terminal: { env } }: DoorOptions): DoorName | undefined => {
  if (auth !== undefined) return named(auth, '--auth');
  if (env.BREVET_AUTH) return named(env.BREVET_AUTH, 'BREVET_AUTH');
  const { auth: inProfile, name } = caller.profile;
  return inProfile === undefined ? undefined : named(inProfile, `brevet_auth of the profile ${name}`);
};

const openSigned = async ({ endpoint, region, caller, terminal }: DoorOptions): Promise<Door> => {
  const { signerOf } = await import('./signing.ts');
  const { profile, isNamed } = caller;
  return { name: 'sigv4', sign: signerOf(findRegion(endpoint, region, terminal.env, profile), profile.name, isNamed) };
};

/** Nobody chose this door, and nobody has signed in: whoever holds no AWS credentials is not to be asked for a Region only. */
const openUnsaid = async (options: DoorOptions): Promise<Door> => {
  try {
    return await openSigned(options);
  } catch (error) {
    if (!(error instanceof Failure) || error.problem.code !== 'region_missing') throw error;
    throw failure('not_signed_in', `Nobody has signed in at ${options.endpoint.host}, and no Region is set.`, {
      cause: error,
      next: `Sign in: brevet login --endpoint ${options.endpoint.href.replace(/\/+$/, '')}. With AWS credentials: set AWS_REGION, or pass --region.`,
    });
  }
};

/** The one that was said; else the one where somebody has signed in; else that for AWS credentials. */
export const openDoor = async (options: DoorOptions): Promise<Door> => {
  const name = wanted(options);
  if (name === 'sigv4') return openSigned(options);
  const { endpoint, terminal } = options;
  const { keptSignIns } = await import('./sign-in/kept-sign-ins.ts');
  const kept = keptSignIns(terminal.env);
  if (name === undefined && !(await kept.has(endpoint))) return openUnsaid(options);
  const { bearerOf } = await import('./sign-in/bearer.ts');
  const howToSignIn = 'Sign in again: brevet login. Or use AWS credentials: --auth sigv4';
  return { name: 'oidc', sign: bearerOf({ endpoint, kept, terminal }), howToSignIn };
};
