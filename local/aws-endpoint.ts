/** The one endpoint of all AWS stand-ins: any AWS client can be pointed at it. */
import type { IncomingMessage } from 'node:http';
import { answerCallerIdentity } from './caller-identity.ts';
import type { CloudTrail } from './cloud-trail.ts';
import { invokeOverHttp } from './functions/lambda-api.ts';
import type { LambdaFunctions } from './functions/lambda-functions.ts';
import { type Listener, passOn, readBody, sendJson } from './loopback-server.ts';
import type { OnCallAnswers } from './on-call.ts';
import { isForSignIn, type SignIn } from './sign-in/sign-in.ts';
import { TOKEN_HEADER } from './stand-in/sso-portal.ts';
import type { StandIn } from './stand-in/stand-in.ts';
import { STEP_FUNCTIONS, type StepFunctions } from './step-functions/step-functions.ts';

export interface AwsServices {
  readonly standIn: Pick<StandIn, 'handle' | 'control' | 'portal' | 'gate'>;
  readonly stepFunctions: StepFunctions;
  readonly functions: LambdaFunctions;
  /** Where the database answers. */
  readonly databaseEndpoint: string;
  /** The issuer of the OIDC door, which lies here too, as another service of somebody else's. */
  readonly signIn: Pick<SignIn, 'listener'>;
  /** What keeps the rota, which lies here too. */
  readonly onCall: OnCallAnswers;
  /** Told of the calls to the stand-ins. */
  readonly cloudTrail: CloudTrail;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** More than any of these services takes. */
const MOST_BYTES = 16 * 1024 * 1024;

const isForDatabase = (target: string): boolean => /^DynamoDB(?:Streams)?_\d{8}\./.test(target);

const answerTarget = async (
  services: AwsServices,
  target: string,
  body: string,
  authorization: string | undefined,
): Promise<Answer | undefined> => {
  const { standIn, stepFunctions, cloudTrail } = services;
  const [prefix, operation = ''] = target.split('.');
  if (prefix === STEP_FUNCTIONS.targetPrefix) {
    return standIn.gate.pass(STEP_FUNCTIONS, operation, body, (input) => stepFunctions.perform(operation, input));
  }
  const answer = await standIn.handle(target, body);
  if (answer) cloudTrail.record({ target, body, authorization, status: answer.status, answer: answer.body });
  return answer;
};

const single = (header: string | readonly string[] | undefined): string | undefined => [header].flat()[0];

const answerPath = async (
  services: AwsServices,
  { method = 'GET', url = '/', headers }: IncomingMessage,
  body: string,
): Promise<Answer | undefined> => {
  if (url.startsWith('/_stand-in/')) return services.standIn.control(method, url, body);
  const portal = services.standIn.portal(method, url, single(headers[TOKEN_HEADER]));
  const answered = portal ?? services.onCall(method, url);
  if (answered) return answered;
  if (method === 'POST' && url === '/') return answerCallerIdentity(body, single(headers['x-amz-security-token']));
  const invocationType = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  return invokeOverHttp(services.functions, method, url.split('?')[0] ?? '', String(invocationType), body);
};

const unknown = (what: string): Answer => {
  const message = `Nothing here answers ${what}. There are sso-admin, sso, identitystore, organizations, states, lambda and dynamodb.`;
  return { status: 404, body: JSON.stringify({ __type: 'UnknownOperationException', message }) };
};

export const createAwsEndpoint =
  (services: AwsServices): Listener =>
  async (request, response) => {
    if (isForSignIn(request.url)) {
      await services.signIn.listener(request, response);
      return;
    }
    const target = request.headers['x-amz-target'];
    if (typeof target === 'string' && isForDatabase(target)) {
      await passOn(services.databaseEndpoint, request, response);
      return;
    }
    const body = await readBody(request, MOST_BYTES);
    if (body === undefined) {
      sendJson(response, 413, JSON.stringify({ message: `A call has at most ${MOST_BYTES} bytes` }));
      return;
    }
    const text = body.toString('utf8');
    const answer =
      typeof target === 'string'
        ? await answerTarget(services, target, text, request.headers.authorization)
        : await answerPath(services, request, text);
    const { status, body: json, headers } = answer ?? unknown(String(target ?? `${request.method} ${request.url}`));
    sendJson(response, status, json, headers);
  };
