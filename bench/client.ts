/** Calls the measured service as people do (signed), and looks into its stand-ins. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Sha256 } from '@aws-crypto/sha256-js';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { SignatureV4 } from '@smithy/signature-v4';
import { IDEMPOTENCY_HEADER, type RequestDetail, type SubmitBody } from '../lambda/contract/api.ts';
import { deploymentOf } from '../local/deployment.ts';
import { readSeed, type Seed } from '../local/seed/seed.ts';
import { type LocalService, ROOT } from './local-service.ts';

/** A call as the stand-in's log has it; only what is used here. */
export interface LoggedCall {
  readonly service: string;
  readonly number: number;
  /** When it arrived, ISO 8601. */
  readonly at: string;
  readonly operation: string;
  readonly outcome: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface Client {
  readonly seed: Seed;
  /** Asks as that person. @throws when the API refuses. */
  ask(userName: string, ask: Pick<SubmitBody, 'target' | 'duration' | 'breakGlass'>): Promise<RequestDetail>;
  approve(userName: string, requestId: string): Promise<RequestDetail>;
  show(userName: string, requestId: string): Promise<RequestDetail>;
  me(userName: string): Promise<unknown>;
  /** Every write takes exactly so long from now on. */
  setLatency(milliseconds: number): Promise<void>;
  /** Identity Center bears no more than the real one from now on, and takes as long. */
  becomeRealistic(): Promise<void>;
  logged(since?: number): Promise<readonly LoggedCall[]>;
  /** The history of the request's execution, oldest event first. */
  history(requestId: string): Promise<readonly HistoryEvent[]>;
  /** Resolves when the request's execution has ended. */
  executionEnded(requestId: string): Promise<void>;
}

const JUSTIFICATION = 'measuring how long this takes';

export const createClient = async (
  service: Pick<LocalService, 'endpoint' | 'awsEndpoint' | 'people'>,
  seedFile = `${ROOT}local/seed/organization.yaml`,
): Promise<Client> => {
  const seed = await readSeed(seedFile);
  const { region } = seed;
  const { stateMachineArn } = deploymentOf(seed);
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const states = new SFNClient({ endpoint: service.awsEndpoint, region, credentials });
  const executionArn = (name: string): string => `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;

  const send = async (userName: string, method: string, path: string, body?: unknown): Promise<unknown> => {
    const keys = service.people.find((person) => person.userName === userName);
    if (!keys) throw new Error(`nobody is called ${userName}`);
    const url = new URL(`${service.endpoint}/iam/v1${path}`);
    const text = body === undefined ? undefined : JSON.stringify(body);
    const signer = new SignatureV4({ service: 'execute-api', region, credentials: keys, sha256: Sha256 });
    const { headers } = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      headers: {
        host: url.host,
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        ...(path === '/requests' && method === 'POST' ? { [IDEMPOTENCY_HEADER.toLowerCase()]: randomUUID() } : {}),
      },
      ...(text === undefined ? {} : { body: text }),
    });
    const { host: _host, ...sent } = headers;
    const answer = await fetch(url, { method, headers: sent, ...(text === undefined ? {} : { body: text }) });
    if (!answer.ok) throw new Error(`${method} ${path} as ${userName}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };

  const standIn = async (page: string, change?: object): Promise<unknown> => {
    const body = change === undefined ? {} : { method: 'PUT', body: JSON.stringify(change) };
    const answer = await fetch(`${service.awsEndpoint}/_stand-in/${page}`, body);
    if (!answer.ok) throw new Error(`${page}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };

  return {
    seed,
    ask: async (userName, ask) =>
      (await send(userName, 'POST', '/requests', { ...ask, justification: JUSTIFICATION })) as RequestDetail,
    approve: async (userName, id) => (await send(userName, 'POST', `/requests/${id}/approve`, {})) as RequestDetail,
    show: async (userName, id) => (await send(userName, 'GET', `/requests/${id}`)) as RequestDetail,
    me: (userName) => send(userName, 'GET', '/me'),
    setLatency: async (milliseconds) => {
      await standIn('pace', { latencyMs: { min: milliseconds, max: milliseconds } });
    },
    becomeRealistic: async () => {
      const latencyMs = { min: 2_000, max: 8_000 };
      await standIn('pace', { latencyMs, requestsPerSecond: 20, outstandingLimit: 15, directoryQuotas: true });
    },
    logged: async (since = 0) => (await standIn(`calls?since=${since}`)) as readonly LoggedCall[],
    history: async (requestId) => {
      const command = new GetExecutionHistoryCommand({ executionArn: executionArn(requestId), maxResults: 1000 });
      return (await states.send(command)).events ?? [];
    },
    executionEnded: async (requestId) => {
      for (;;) {
        const command = new DescribeExecutionCommand({ executionArn: executionArn(requestId) });
        if ((await states.send(command)).status !== 'RUNNING') return;
        await pause(200);
      }
    },
  };
};

/** When the state was left, epoch milliseconds; undefined while it was not. */
export const stateExitedAt = (history: readonly HistoryEvent[], state: string): number | undefined =>
  history.find(({ stateExitedEventDetails }) => stateExitedEventDetails?.name === state)?.timestamp?.getTime();

/** Every (person, account, permission set) that the permission sets and accounts of a rule allow, each a lease of its own. */
export const askable = (
  { seed }: Client,
  userNames: readonly string[],
  permissionSets: readonly string[],
): readonly { userName: string; target: SubmitBody['target'] }[] =>
  seed.accounts
    .filter(({ path }) => path[0] === 'Workloads')
    .flatMap(({ id }) =>
      permissionSets.flatMap((permissionSet) =>
        userNames.map((userName) => ({ userName, target: { kind: 'account' as const, accountId: id, permissionSet } })),
      ),
    );
