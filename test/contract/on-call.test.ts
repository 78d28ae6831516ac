/** The rota in memory and the one over HTTP keep the same contract; over HTTP, whatever else may be answered is a fault. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpOnCall, createNoOnCall } from '../../lambda/adapters/http-on-call.ts';
import { createFixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { createMemoryOnCall } from '../../lambda/adapters/memory/memory-on-call.ts';
import { createParameterReader } from '../../lambda/adapters/parameter-reader.ts';
import { scheduleName } from '../../lambda/contract/on-call.ts';
import { onCallSettings } from '../../lambda/contract/on-call-settings.ts';
import { instant } from '../../lambda/domain/time.ts';
import type { OnCallPerson } from '../../lambda/ports/on-call.ts';
import { onCallContract } from './on-call-contract.ts';
import { exception, startStubAws } from './stub-aws.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const serving = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const clock = createFixedClock(instant(Date.UTC(2026, 10, 23, 9)));
const IMPATIENT_MS = 300;
/** However busy the machine is: only what never answers is asked for with less. */
const PATIENT_MS = 30_000;
const asking = (url: string, patienceMilliseconds = PATIENT_MS) =>
  createHttpOnCall({ url, clock, patienceMilliseconds });

describe('a rota in memory', () => {
  onCallContract(() => {
    const onCall = createMemoryOnCall();
    return { onCall, put: onCall.putSchedule };
  });
});

describe('a rota over HTTP', () => {
  onCallContract(async () => {
    const rota = new Map<string, readonly OnCallPerson[]>();
    const url = await serving(({ url: path = '' }, response) => {
      const people = rota.get(path.replace('/rota/', ''));
      response.writeHead(people ? 200 : 404, { 'content-type': 'application/json' });
      response.end(people ? JSON.stringify({ onCall: people }) : '');
    });
    return { onCall: asking(`${url}/rota/{schedule}`), put: (schedule, people) => void rota.set(schedule, people) };
  });

  it('is asked once a minute for deciding, and each time for assigning', async () => {
    const asked: string[] = [];
    const url = await serving(({ method, url: path = '' }, response) => {
      asked.push(`${method} ${path}`);
      response.end('{"onCall":[]}');
    });
    const onCall = asking(`${url}/?of={schedule}`);
    await Promise.all([onCall.whoIsOnCall('a.b'), onCall.whoIsOnCall('a.b')]);
    clock.advance(59);
    await onCall.whoIsOnCall('a.b');
    expect(asked).toEqual(['GET /?of=a.b']);
    clock.advance(1);
    await onCall.whoIsOnCall('a.b');
    await onCall.whoIsOnCallNow('a.b');
    await onCall.whoIsOnCallNow('a.b');
    expect(asked).toHaveLength(4);
  });

  it('does not remember a failure', async () => {
    let isWell = false;
    const url = await serving((_request, response) => {
      response.writeHead(isWell ? 200 : 500);
      response.end('{"onCall":[{"userName":"ann"}]}');
    });
    const onCall = asking(`${url}/{schedule}`);
    await expect(onCall.whoIsOnCall('primary')).rejects.toMatchObject({ code: 'Status500' });
    isWell = true;
    expect(await onCall.whoIsOnCall('primary')).toEqual([{ userName: 'ann' }]);
  });

  it('keeps what it needs of an answer that says more', async () => {
    const url = await serving((_request, response) => {
      response.end('{"onCall":[{"email":"ann@example.com","userName":"ann","phone":"1"}],"until":"tomorrow"}');
    });
    expect(await asking(`${url}/{schedule}`).whoIsOnCallNow('primary')).toEqual([{ email: 'ann@example.com' }]);
  });
});

type Hostile = (response: ServerResponse, request: IncomingMessage) => void;

const saying =
  (body: string): Hostile =>
  (response) =>
    void response.end(body);

describe('the token', () => {
  const PARAMETER = '/brevet/on-call-token';

  const withToken = async (value: string | undefined) => {
    const aws = await startStubAws();
    closing.push(() => void aws.stop());
    aws.answer({ body: { Parameter: value === undefined ? {} : { Name: PARAMETER, Value: value } } });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const { config } = new DynamoDBClient({ region: 'eu-central-1', credentials });
    const parts = { aws: config, endpoint: aws.url, source: 'on-call', clock, tries: 1 } as const;
    const seen: (string | undefined)[] = [];
    const url = await serving(({ headers }, response) => {
      seen.push(headers.authorization);
      response.end('{"onCall":[]}');
    });
    const token = createParameterReader(parts, PARAMETER);
    return { aws, seen, onCall: createHttpOnCall({ url: `${url}/{schedule}`, clock, token }) };
  };

  it('is read from the Parameter Store, decrypted, and sent', async () => {
    const { aws, seen, onCall } = await withToken('s3cret\n');
    await onCall.whoIsOnCallNow('primary');
    await onCall.whoIsOnCallNow('primary');
    expect(seen).toEqual(['Bearer s3cret', 'Bearer s3cret']);
    expect(aws.calls.map(({ operation, input }) => [operation, input])).toEqual([
      ['GetParameter', { Name: PARAMETER, WithDecryption: true }],
    ]);
    expect(aws.calls[0]?.headers.authorization).toMatch(/\/eu-central-1\/ssm\/aws4_request, /);
    expect(aws.calls[0]?.headers['x-amz-target']).toBe('AmazonSSM.GetParameter');
  });

  it('that was changed is known a minute later', async () => {
    const { aws, seen, onCall } = await withToken('old');
    await onCall.whoIsOnCallNow('primary');
    aws.answer({ body: { Parameter: { Value: 'new' } } });
    clock.advance(60);
    await onCall.whoIsOnCallNow('primary');
    expect(seen).toEqual(['Bearer old', 'Bearer new']);
  });

  it.each([
    ['is not there', exception('ParameterNotFound'), 'ParameterNotFound'],
    ['may not be read', exception('AccessDeniedException'), 'AccessDeniedException'],
    ['is empty', { body: { Parameter: { Value: ' ' } } }, 'TokenUnusable'],
    ['has no value', { body: { Parameter: {} } }, 'MissingParameter'],
  ])('that %s is a fault, and nobody is asked without it', async (_what, answer, code) => {
    const { aws, seen, onCall } = await withToken('x');
    aws.answer(answer);
    await expect(onCall.whoIsOnCallNow('primary')).rejects.toMatchObject({ source: 'on-call', code });
    expect(seen).toEqual([]);
  });

  it('is in no error', async () => {
    const { onCall } = await withToken('s3cret\nx: y');
    const error: unknown = await onCall.whoIsOnCallNow('primary').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'TokenUnusable' });
    expect(inspect(error, { depth: 9 })).not.toContain('s3cret');
  });
});

describe('an answer that is none is a fault', () => {
  it.each<[string, Hostile, string]>([
    ['not JSON', saying('<html>'), 'UnknownShape'],
    ['nothing', saying(''), 'UnknownShape'],
    ['a list', saying('[{"userName":"ann"}]'), 'UnknownShape'],
    ['null', saying('{"onCall":null}'), 'UnknownShape'],
    ['names of no kind', saying('{"onCall":["ann"]}'), 'UnknownShape'],
    ['a number for a name', saying('{"onCall":[{"userName":7}]}'), 'UnknownShape'],
    ['an empty name', saying('{"onCall":[{"email":""}]}'), 'UnknownShape'],
    ['a person without a name', saying('{"onCall":[{"id":"7"}]}'), 'UnknownShape'],
    [
      'more people than are on call',
      saying(JSON.stringify({ onCall: Array(51).fill({ userName: 'a' }) })),
      'UnknownShape',
    ],
    ['more than anybody needs', saying(`{"onCall":[],"more":"${'x'.repeat(70_000)}"}`), 'AnswerTooLarge'],
    [
      'more than it looks, packed',
      (response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' });
        response.end(gzipSync(`{"onCall":[],"more":"${'x'.repeat(5_000_000)}"}`));
      },
      'AnswerTooLarge',
    ],
    [
      'an endless one',
      (response) => {
        const timer = setInterval(() => response.write(' '.repeat(10_000)), 1);
        response.on('close', () => clearInterval(timer));
      },
      'AnswerTooLarge',
    ],
    [
      'a slow one',
      (response) => {
        response.write('{"onCall":');
      },
      'TimeoutError',
    ],
    ['silence', () => undefined, 'TimeoutError'],
    ['a connection that breaks', (response) => void response.destroy(), 'TypeError'],
    [
      'half of one',
      (response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"onCall":[]}');
        setTimeout(() => response.destroy(), 10);
      },
      'TypeError',
    ],
    [
      'elsewhere',
      (response, { url }) => {
        if (url === '/elsewhere') response.end('{"onCall":[{"userName":"mallory"}]}');
        else response.writeHead(302, { location: '/elsewhere' }).end('{"onCall":[{"userName":"mallory"}]}');
      },
      'Status302',
    ],
    ['no content', (response) => void response.writeHead(204).end(), 'Status204'],
    ['not allowed', (response) => void response.writeHead(403).end('{"onCall":[]}'), 'Status403'],
  ])('%s', async (_what, hostile, code) => {
    const url = await serving((request, response) => hostile(response, request));
    const patience = code === 'TimeoutError' ? IMPATIENT_MS : PATIENT_MS;
    await expect(asking(`${url}/{schedule}`, patience).whoIsOnCallNow('primary')).rejects.toMatchObject({
      name: 'ServiceFault',
      source: 'on-call',
      code,
    });
  });

  it('nobody listens there', async () => {
    const url = await serving(() => undefined);
    for (const close of closing.splice(0)) close();
    await expect(asking(`${url}/{schedule}`).whoIsOnCallNow('primary')).rejects.toMatchObject({ source: 'on-call' });
  });

  it('no settings', async () => {
    await expect(createNoOnCall().whoIsOnCall('primary')).rejects.toMatchObject({ code: 'NotConfigured' });
  });
});

describe('the name of a schedule', () => {
  it.each([
    ['primary', true],
    ['PXYZ123', true],
    ['payments_team.eu-1', true],
    ['', false],
    ['..', false],
    ['a/b', false],
    ['a b', false],
    ['-a', false],
    ['a?b', false],
    ['a'.repeat(101), false],
  ])('%j: %s', (name, fits) => {
    expect(scheduleName.safeParse(name).success).toBe(fits);
  });
});

describe('the setting', () => {
  it.each([
    ['https://on-call.example.com/now/{schedule}', true],
    ['https://on-call.example.com/now?of={schedule}&format=brevet', true],
    ['http://127.0.0.1:9000/{schedule}', true],
    ['http://on-call.example.com/{schedule}', false],
    ['https://on-call.example.com/now', false],
    ['https://on-call.example.com/{schedule}/{schedule}', false],
    ['https://{schedule}.example.com/', false],
    ['https://on-call.example.com{schedule}', false],
    ['https://{schedule}@on-call.example.com/', false],
    ['https://ann:secret@on-call.example.com/{schedule}', false],
    ['ftp://on-call.example.com/{schedule}', false],
    ['{schedule}', false],
  ])('%s: %s', (url, fits) => {
    expect(onCallSettings.safeParse({ url }).success).toBe(fits);
  });

  it.each(['on-call-token', '/brevet/*', 'arn:aws:ssm:::parameter/x', '/a//b', '/'])(
    'takes %s for no name of a parameter',
    (token_parameter) => {
      const url = 'https://on-call.example.com/{schedule}';
      expect(onCallSettings.safeParse({ url, token_parameter }).success).toBe(false);
    },
  );
});
