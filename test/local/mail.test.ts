/** The mail of the local service: SES as its client knows it, with a page, faults, and a death that nobody else notices. */
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type LoopbackServer, listen } from '../../local/loopback-server.ts';
import { createMail, type Mail } from '../../local/mail/mail.ts';
import { createCallGate } from '../../local/stand-in/call-gate.ts';
import { createCallLog } from '../../local/stand-in/call-log.ts';
import { createFaults } from '../../local/stand-in/faults.ts';
import { createPace } from '../../local/stand-in/pace.ts';
import { eventually } from './fake-functions.ts';

interface Opened {
  readonly mail: Mail;
  readonly server: LoopbackServer;
  readonly client: SESv2Client;
}
let shared: Opened;
const others: Opened[] = [];
const troubles: string[] = [];
const faults = createFaults();
const calls = createCallLog(Date.now);

const open = async (thread?: URL): Promise<Opened> => {
  const pace = createPace({ mode: 'realistic', nowMs: Date.now, random: Math.random });
  const gate = createCallGate({ pace, faults, calls, closing: new AbortController().signal });
  const onTrouble = (summary: string): void => void troubles.push(summary);
  const mail = createMail({ gate, onOutput: () => undefined, onTrouble, ...(thread && { thread }) });
  const server = await listen(0, 'BREVET_MAIL_PORT', mail.listener);
  const client = new SESv2Client({
    region: 'us-east-1',
    endpoint: server.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return { mail, server, client };
};

/** For a test that ends it. */
const openAnother = async (thread?: URL): Promise<Opened> => {
  const another = await open(thread);
  others.push(another);
  return another;
};

const close = async ({ client, mail, server }: Opened): Promise<void> => {
  client.destroy();
  await mail.close();
  await server.close();
};

beforeAll(async () => {
  shared = await open();
});
afterEach(async () => {
  faults.replace([]);
  calls.clear();
  troubles.splice(0);
  for (const another of others.splice(0)) await close(another);
  await fetch(`${shared.server.url}/clear-store`, { method: 'POST' });
});
afterAll(() => close(shared));

const message = (to: string, subject = 'Break-glass') =>
  new SendEmailCommand({
    FromEmailAddress: 'brevet@example.com',
    Destination: { ToAddresses: [to] },
    Content: { Simple: { Subject: { Data: subject }, Body: { Text: { Data: 'Who has this may do nothing by it.' } } } },
  });

const shownAt = async (url: string): Promise<readonly string[]> => {
  const { emails } = (await (await fetch(`${url}/store`)).json()) as {
    emails: { destination: { to: string[] }; subject: string }[];
  };
  return emails.map(({ destination, subject }) => `${destination.to.join()}: ${subject}`);
};

test('what the SDK sends is shown, and the call is in the log without what it says', async () => {
  const { server, client } = shared;
  expect((await client.send(message('omar@example.com'))).MessageId).toMatch(/^ses-/);
  expect(await shownAt(server.url)).toEqual(['omar@example.com: Break-glass']);
  expect(await (await fetch(server.url)).text()).toContain('<html');
  expect(calls.list()).toMatchObject([{ service: 'ses', operation: 'SendEmail', outcome: 'ok' }]);
  expect(JSON.stringify(calls.list())).not.toContain('omar');
});

test('what SES would refuse is refused as the SDK knows it', async () => {
  const { client } = shared;
  await expect(client.send(message('omar@example.com', ''))).rejects.toMatchObject({ name: 'BadRequestException' });
});

test.each([
  [{ kind: 'outage' }, 'ServiceUnavailableException', []],
  [{ kind: 'throttle' }, 'TooManyRequestsException', []],
  [{ kind: 'error', error: 'MessageRejected' }, 'MessageRejected', []],
  [{ kind: 'outage', when: 'after' }, 'ServiceUnavailableException', ['omar@example.com: Break-glass']],
] as const)('%j strikes it as %s', async (fault, name, shown) => {
  const { server, client } = shared;
  faults.replace([{ when: 'before', ...fault, operation: 'ses:SendEmail', times: 1 }]);
  await expect(client.send(message('omar@example.com'))).rejects.toMatchObject({ name });
  expect(await shownAt(server.url)).toEqual(shown);
  await client.send(message('lena@example.com'));
  expect(await shownAt(server.url)).toEqual([...shown, 'lena@example.com: Break-glass']);
});

test('a page that fails inside forgets nothing', async () => {
  const { server, client } = shared;
  await client.send(message('omar@example.com'));
  await fetch(`${server.url}/get-emlContent`);
  await fetch(`${server.url}/get-emlContent?messageId=nobody`);
  expect(await shownAt(server.url)).toEqual(['omar@example.com: Break-glass']);
  expect(troubles).toEqual([]);
});

test('only this machine is served, and nobody is passed on to another one', async () => {
  const { server } = shared;
  const answer = await fetch(`${server.url}/store`, { headers: { 'sec-fetch-site': 'cross-site' } });
  expect(answer.status).toBe(403);
  expect((await fetch(`${server.url}//elsewhere.example/`)).status).toBe(403);
});

test('when its thread dies, that is told, the call under way fails, and the next one finds another', async () => {
  const { server, client } = await openAnother(new URL('handlers/dying-mail.ts', import.meta.url));
  const first = await (await fetch(server.url)).text();
  await expect(client.send(message('omar@example.com'))).rejects.toMatchObject({
    name: 'ServiceUnavailableException',
    $metadata: { httpStatusCode: 503 },
  });
  await eventually(() => (troubles.length > 0 ? true : undefined));
  expect(troubles).toEqual(['the mail died, and what was mailed is forgotten: exit code 7']);
  expect(await (await fetch(server.url)).text()).not.toBe(first);
});

test('when its thread does not even start, calls fail, and nothing else does', async () => {
  const { server, client } = await openAnother(new URL('handlers/no-such-mail.ts', import.meta.url));
  await expect(client.send(message('omar@example.com'))).rejects.toMatchObject({ name: 'ServiceUnavailableException' });
  expect((await fetch(server.url)).status).toBe(500);
});

test('what it is told to close ends quietly', async () => {
  const { mail, client } = await openAnother();
  await client.send(message('omar@example.com'));
  await mail.close();
  await expect(client.send(message('lena@example.com'))).rejects.toMatchObject({ name: 'ServiceUnavailableException' });
  expect(troubles).toEqual([]);
});
