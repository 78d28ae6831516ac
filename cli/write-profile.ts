/** An AWS profile for access that was granted: which keys it has, where it is written, and the line that makes a shell use it. */
import type { RequestDetail } from '../lambda/contract/api.ts';
import type { Ask } from './asking.ts';
import {
  type AwsProfile,
  CALLER_KEY,
  type Caller,
  configPathOf,
  ENDPOINT_KEY,
  readSharedFiles,
  type SsoSignIn,
  usesEnvironmentKeys,
} from './aws-profile.ts';
import type { Client } from './client.ts';
import type { Context } from './context.ts';
import { type Failure, failure, usage } from './failure.ts';
import type { WrittenProfile } from './json-documents.ts';
import { withProfile } from './profile-section.ts';
import { requestLines } from './render/request.ts';
import { shellWord } from './shell.ts';
import type { Environment } from './terminal.ts';
import { changeFile, readWhole } from './whole-file.ts';

export interface ProfilePlan {
  readonly name: string;
  readonly path: string;
  readonly caller: Caller;
}

/** What AWS's tools take in the name of a profile. */
const NAME = /^[\w\-+@.%:/]{1,200}$/;

const nameFrom = (typed: string, { account, body }: Ask): string => {
  if (typed === '') return `${account}/${body.target.permissionSet}`.replaceAll(/[^\w\-+@.%:/]+/g, '-');
  if (NAME.test(typed) && typed !== 'default') return typed;
  throw usage(
    `--write-profile "${typed}" is no name for a profile.`,
    'Use letters, digits and -+_@.%:/, and not "default", which would make the elevated access everybody\'s.',
  );
};

const taken = (name: string, path: string, why: string): Failure =>
  failure('profile_taken', `${path} stays as it is: ${why}.`, {
    next: `Choose another name: --write-profile=NAME, other than ${name}.`,
  });

const unwritable = (path: string, cause: unknown): Failure =>
  failure('config_unwritable', `${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });

/** Placing it on trial finds out what is in the way before anything is asked for. */
const textWith = (text: string, plan: ProfilePlan, keys: Keys): string => {
  const placed = withProfile(text, { name: plan.name, keys });
  if ('refused' in placed) throw taken(plan.name, plan.path, placed.refused);
  return placed.text;
};

/** @throws Failure when it cannot be written, before anything is asked for. */
export const planProfile = async (typed: string, wished: Ask, { terminal, caller }: Context): Promise<ProfilePlan> => {
  const { env } = terminal;
  const plan = { name: nameFrom(typed, wished), path: configPathOf(env), caller: await caller() };
  const { credentials } = await readSharedFiles(env);
  // Keys there would go before whatever this profile says.
  if (credentials[plan.name]) throw taken(plan.name, plan.path, 'the AWS credentials file has a profile of that name');
  const text = await readWhole(plan.path).catch((error: unknown) => {
    throw unwritable(plan.path, error);
  });
  textWith(text, plan, []);
  return plan;
};

type Keys = readonly (readonly [key: string, value: string])[];

const roleKeys = ({ target }: RequestDetail): Keys => [
  ['sso_account_id', target.accountId],
  ['sso_role_name', target.permissionSet],
];

const signInKeys = ({ session, startUrl, region }: SsoSignIn): Keys =>
  session === undefined
    ? [
        ['sso_start_url', startUrl],
        ['sso_region', region],
      ]
    : [['sso_session', session]];

/** AWS's tools do not find a token that lies elsewhere than at home, and ask this command instead. */
const processKeys = ({ target }: RequestDetail, self: readonly string[], profile: string): Keys => {
  const words = [...self, 'credential-process', `${target.accountId}/${target.permissionSet}`, '--profile', profile];
  return [['credential_process', words.map(shellWord).join(' ')]];
};

const accessKeys = (request: RequestDetail, { name, sso }: AwsProfile, self: readonly string[]): Keys => {
  if (!sso) return roleKeys(request);
  return sso.home === undefined ? [...signInKeys(sso), ...roleKeys(request)] : processKeys(request, self, name);
};

/** With these, Brevet itself is still called as before, so that the access can be extended and ended. */
const brevetKeys = (caller: Caller, client: Client, env: Environment): Keys =>
  usesEnvironmentKeys(caller, env)
    ? [[ENDPOINT_KEY, client.endpoint.href.replace(/\/$/, '')]]
    : [[CALLER_KEY, caller.profile.name]];

const keysFor = (request: RequestDetail, { caller }: ProfilePlan, client: Client, { terminal }: Context): Keys => {
  const { region, endpointUrl } = caller.profile;
  return [
    ...accessKeys(request, caller.profile, terminal.self),
    ...(region === undefined ? [] : [['region', region] as const]),
    ...(endpointUrl === undefined ? [] : [['endpoint_url', endpointUrl] as const]),
    ...brevetKeys(caller, client, terminal.env),
  ];
};

// NB. A line break in a value, whoever it came from, would write lines of its own into the file.
const refuseBrokenValues = (keys: Keys): void => {
  for (const [key, value] of keys) {
    if (/\p{Cc}/u.test(value)) throw failure('answer_unreadable', `${key} has control characters in it.`);
  }
};

const noteWhatIsMissing = ({ caller, name }: ProfilePlan, { terminal, output }: Context): void => {
  const { profile } = caller;
  if (!profile.sso) {
    output.note(
      `the AWS profile "${profile.name}" does not say how to sign in to IAM Identity Center, so "${name}" lacks it too: ` +
        'add sso_session (or sso_start_url and sso_region) to it',
    );
  }
  if (terminal.env.AWS_ACCESS_KEY_ID) {
    output.note('AWS_ACCESS_KEY_ID in this shell goes before AWS_PROFILE in the AWS CLI: unset the keys there');
  }
};

const exportLines = ({ awsProfile }: { readonly awsProfile: WrittenProfile }): string[] => [
  `export AWS_PROFILE=${shellWord(awsProfile.name)}`,
];

/** Writes it, and prints the line to evaluate. @throws Failure when the file cannot be written; the access stays. */
export const writeProfile = async (
  plan: ProfilePlan,
  request: RequestDetail,
  client: Client,
  context: Context,
): Promise<void> => {
  const { output } = context;
  const { name, path } = plan;
  const keys = keysFor(request, plan, client, context);
  output.aside(request, requestLines);
  try {
    refuseBrokenValues(keys);
    await changeFile(path, (text) => textWith(text, plan, keys));
  } catch (error) {
    output.note(`request ${request.id} is active all the same; end it with: brevet end ${request.id}`);
    throw error instanceof Error && error.name === 'Failure' ? error : unwritable(path, error);
  }
  output.note(`the AWS profile "${name}" is in ${path}`);
  noteWhatIsMissing(plan, context);
  const awsProfile = { name, configFile: path, isComplete: plan.caller.profile.sso !== undefined };
  output.answer({ ...request, awsProfile }, exportLines);
};
