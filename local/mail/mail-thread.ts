/** Runs inside the thread of the mail: the stand-in for Amazon SES with its page, on a port that the service asks for. */
import { parentPort } from 'node:worker_threads';
import ses from 'aws-ses-v2-local';

/** What it answers once, when it listens. */
export interface MailThreadReady {
  readonly port: number;
}

// What goes wrong with one message or page is no reason to forget all others.
process.on('unhandledRejection', (reason) => console.error(reason));

const server = await ses.default({ host: '127.0.0.1', port: 0 });
const address = server.address();
if (typeof address !== 'object' || address === null) throw new Error('the mail has no port');
parentPort?.postMessage({ port: address.port } satisfies MailThreadReady);
