/** Puts the local service together: the real functions, and around them what AWS would be. */
import { loginConfigurationFrom, type OidcSettings } from '../lambda/contract/sign-in.ts';
import { apiResourcePolicy } from '../lib/api-resource-policy.ts';
import { type AwsServices, createAwsEndpoint } from './aws-endpoint.ts';
import { type ClosingStack, closingStack } from './closing.ts';
import { createCloudTrail } from './cloud-trail.ts';
import { type ComputeOptions, startFunctions, startStepFunctions } from './compute.ts';
import { type LocalConfiguration, readConfiguration } from './configuration.ts';
import { type Deployment, deploymentOf, kindsFor } from './deployment.ts';
import { functionEnvironment } from './function-environment.ts';
import type { LambdaFunctions } from './functions/lambda-functions.ts';
import { callersOf } from './gateway/callers.ts';
import { createGateway } from './gateway/gateway.ts';
import { renderPage } from './gateway/page.ts';
import { readResourcePolicy } from './gateway/resource-policy.ts';
import { type LogFile, openLogFile } from './log-file.ts';
import { type DeferredListener, deferredListener, type Listener, listen } from './loopback-server.ts';
import { createMail } from './mail/mail.ts';
import { createOnCall, localOnCallUrl } from './on-call.ts';
import type { LocalOptions } from './options.ts';
import { writePeopleFile } from './people-file.ts';
import { startSchedule } from './schedule.ts';
import { localOidcSettings } from './sign-in/settings.ts';
import { openSignIn } from './sign-in/sign-in.ts';
import { createStandIn, type StandIn } from './stand-in/stand-in.ts';
import { messageOf, StartError } from './start-error.ts';
import { openStateFolder, type StateFolder } from './state-folder.ts';
import { openStorage, prepareTables } from './storage.ts';
import type { Terminal } from './terminal.ts';
import { TOUR } from './tour.ts';
import { unknownNames } from './unknown-names.ts';

export interface LocalService {
  readonly peopleUrl: string;
  readonly awsUrl: string;
  /** Absent where the settings let nobody be mailed. */
  readonly mailUrl: string | undefined;
  readonly logPath: string;
  close(): Promise<void>;
}

export interface ServiceParts {
  readonly options: LocalOptions;
  readonly terminal: Terminal;
  /** Told when the service cannot go on. */
  readonly onFatal: (message: string) => void;
}

/** Where everything else stands on: the state folder, the log in it, and the ports, before anybody answers there. */
interface Ground {
  readonly folder: StateFolder;
  readonly log: LogFile;
  readonly people: Door;
  readonly aws: Door;
  /** Where anybody is mailed. */
  readonly mail: Door | undefined;
}

interface Door {
  readonly url: string;
  readonly deferred: DeferredListener;
}

/** What the stages of a start have in common. */
interface Start extends ServiceParts {
  readonly configuration: LocalConfiguration;
  readonly deployment: Deployment;
  readonly ground: Ground;
  readonly oidc: OidcSettings;
  readonly ends: ClosingStack;
}

const openDoor = async (port: number, setting: string, ends: ClosingStack): Promise<Door> => {
  const deferred = deferredListener('Brevet is starting');
  const server = await listen(port, setting, deferred.listener);
  ends.add(server, (opened) => opened.close());
  return { url: server.url, deferred };
};

const openGround = async (
  { stateFolder, port, awsPort, mailPort }: LocalOptions,
  isMailed: boolean,
  ends: ClosingStack,
): Promise<Ground> => {
  const folder = ends.add(await openStateFolder(stateFolder), (opened) => opened.close());
  const log = ends.add(openLogFile(folder.file('brevet.log')), (opened) => opened.close());
  const aws = await openDoor(awsPort, 'BREVET_AWS_PORT', ends);
  const mail = isMailed ? await openDoor(mailPort, 'BREVET_MAIL_PORT', ends) : undefined;
  return { folder, log, aws, mail, people: await openDoor(port, 'BREVET_PORT', ends) };
};

/** @returns where the database answers, its tables made and the policy in force published. */
const openDatabase = async ({ options, terminal, onFatal, configuration, deployment, ground, ends }: Start) => {
  const onCrash = (message: string, givenUp: boolean): void => (givenUp ? onFatal(message) : terminal.warn(message));
  const { endpoint } = await terminal.step('database', async () => {
    const { folder, log } = ground;
    const parts = { endpoint: options.databaseEndpoint, file: folder.file('dynamodb.sqlite'), log, onCrash };
    return ends.add(await openStorage(parts), (opened) => opened.close());
  });
  await terminal.step('tables, and the policy published', () =>
    prepareTables(endpoint, deployment, configuration.policy, {
      onlyFirst: configuration.settings.policy_publishers.length > 0,
    }),
  );
  return endpoint;
};

const openStandIn = ({ options, terminal, configuration, ground, ends }: Start): Promise<StandIn> =>
  terminal.step('Identity Center, Identity Store, Organizations', async () => {
    const parts = { seed: configuration.seed, stateFile: ground.folder.file('stand-in.jsonl') };
    const standIn = await createStandIn({ ...parts, mode: options.standInMode }).catch((cause: unknown) => {
      throw new StartError(messageOf(cause), { cause });
    });
    return ends.add(standIn, (opened) => opened.close());
  });

const openCompute = async (start: Start, databaseEndpoint: string) => {
  const { terminal, configuration, deployment, ground, oidc, ends } = start;
  const { seed, settings, limits } = configuration;
  const mailUrl = ground.mail?.url;
  const endpoints = { database: databaseEndpoint, standIns: ground.aws.url, ...(mailUrl && { mail: mailUrl }) };
  const parts: ComputeOptions = {
    deployment,
    kinds: kindsFor(settings),
    environment: functionEnvironment(
      deployment,
      seed,
      { ...settings, oidc, on_call: { url: localOnCallUrl(ground.aws.url) } },
      endpoints,
    ),
    log: ground.log,
    onTrouble: (summary) => terminal.warn(summary),
    ends,
  };
  const functions = await terminal.step('functions', () => startFunctions(parts));
  const stepFunctions = await terminal.step('workflow, synthesized as for AWS', () =>
    startStepFunctions(parts, functions, limits),
  );
  return { functions, stepFunctions };
};

const gatewayFor = (
  { configuration: { seed }, deployment, ground, oidc }: Start,
  functions: LambdaFunctions,
): Listener =>
  createGateway({
    region: deployment.region,
    accountId: deployment.accountId,
    callers: callersOf(seed.people, deployment),
    judge: readResourcePolicy(apiResourcePolicy(deployment)),
    invoke: (payload, which) => functions.invoke(deployment.functions[which], payload),
    authorize: (payload) => functions.invoke(deployment.functions.authorizer, payload),
    loginConfiguration: loginConfigurationFrom(oidc),
    page: renderPage({ url: ground.people.url, awsUrl: ground.aws.url, mailUrl: ground.mail?.url, tour: TOUR }),
  });

/** Its thread starts with whoever needs it first. */
const openMail = ({ terminal, ground: { mail, log }, ends }: Start, { gate }: StandIn): void => {
  if (!mail) return;
  const onTrouble = (summary: string): void => terminal.warn(summary);
  const opened = createMail({ gate, onOutput: (text) => log.write(text), onTrouble });
  mail.deferred.serveBy(ends.add(opened, (ending) => ending.close()).listener);
};

/** The table has no stream here that would wake whoever tells people: so it looks more often. */
const TELL_EVERY_SECONDS = 5;

/** The functions that the clock calls, and how often, seconds. */
const schedulesOf = ({ options, configuration, deployment }: Start): readonly (readonly [string, number])[] => {
  const { sweep, drift, catalogue, tell } = deployment.functions;
  const seconds = options.sweepSeconds;
  const telling = configuration.settings.mail ? [[tell, Math.min(seconds, TELL_EVERY_SECONDS)] as const] : [];
  return [...[sweep, drift, catalogue].map((name) => [name, seconds] as const), ...telling];
};

/** From here on people are served and time passes. */
const openDoors = async (start: Start, services: AwsServices): Promise<void> => {
  const { configuration, deployment, ground, ends } = start;
  const { functions } = services;
  ground.aws.deferred.serveBy(createAwsEndpoint(services));
  ground.people.deferred.serveBy(gatewayFor(start, functions));
  ends.add(ground.people.deferred, (door) => door.refuseAll('Brevet is ending'));
  const places = { endpoint: ground.people.url, awsEndpoint: ground.aws.url, policyTable: deployment.policyTable };
  await writePeopleFile(ground.folder.file('people.json'), configuration.seed, places);
  const { region, accountId } = deployment;
  for (const [functionName, seconds] of schedulesOf(start)) {
    ends.add(startSchedule({ functions, functionName, seconds, region, accountId }), (stop) => stop());
  }
};

const open = async (parts: ServiceParts, ends: ClosingStack): Promise<LocalService> => {
  const { options, terminal } = parts;
  const configuration = await terminal.step('organization, settings and policy', () =>
    readConfiguration(options.settingsFile, options.seedFile),
  );
  const { seed, settings } = configuration;
  const ground = await openGround(options, settings.mail !== undefined, ends);
  const oidc = localOidcSettings(ground.aws.url, settings.oidc);
  const start = { ...parts, configuration, deployment: deploymentOf(seed), ground, oidc, ends };
  const signIn = ends.add(openSignIn({ issuer: oidc.issuer, seed, folder: ground.folder }), (opened) => opened.close());
  const databaseEndpoint = await openDatabase(start);
  const standIn = await openStandIn(start);
  openMail(start, standIn);
  const compute = await openCompute(start, databaseEndpoint);
  const cloudTrail = createCloudTrail({ functions: compute.functions, deployment: start.deployment });
  const onCall = createOnCall(configuration.seed);
  await openDoors(start, { ...compute, standIn, databaseEndpoint, signIn, onCall, cloudTrail });
  for (const name of unknownNames(configuration.policy.file, configuration.seed)) {
    terminal.warn(`the policy names ${name}, which does not exist here`);
  }
  return {
    peopleUrl: ground.people.url,
    awsUrl: ground.aws.url,
    mailUrl: ground.mail?.url,
    logPath: ground.log.path,
    close: () => ends.closeAll((error) => terminal.warn(`while ending: ${messageOf(error)}`)),
  };
};

/** @throws StartError when it cannot start; whatever was begun is ended then. */
export const startService = async (parts: ServiceParts): Promise<LocalService> => {
  const ends = closingStack();
  try {
    return await open(parts, ends);
  } catch (error) {
    await ends.closeAll(() => undefined);
    throw error;
  }
};
