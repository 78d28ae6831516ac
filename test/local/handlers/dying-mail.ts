/** A mail whose thread dies of the first message. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort } from 'node:worker_threads';

const life = randomUUID();
const server = createServer((request, response) => {
  if (request.method === 'POST') process.exit(7);
  response.end(life);
});
server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage({ port: (server.address() as AddressInfo).port });
});
