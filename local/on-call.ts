/** Whatever keeps a rota, in small: answers who is on call, as the seed says. */
import { addressOf } from '../lambda/contract/on-call.ts';
import type { Seed } from './seed/seed.ts';

const PREFIX = '/on-call/';

/** The setting of the functions on this machine. */
export const localOnCallUrl = (awsUrl: string): string => `${awsUrl}${PREFIX}{schedule}`;

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Undefined when the path is none of these. */
export type OnCallAnswers = (method: string, url: string) => Answer | undefined;

const complain = (status: number, message: string): Answer => ({ status, body: JSON.stringify({ message }) });

export const createOnCall = ({ onCall }: Pick<Seed, 'onCall'>): OnCallAnswers => {
  const byPath = new Map(
    Object.entries(onCall).map(([schedule, emails]) => [addressOf(`${PREFIX}{schedule}`, schedule), emails]),
  );
  return (method, url) => {
    if (!url.startsWith(PREFIX)) return undefined;
    if (method !== 'GET') return complain(405, 'Who is on call is asked with GET.');
    const emails = byPath.get(url.split('?')[0] ?? '');
    if (!emails) return complain(404, 'There is no such schedule.');
    return { status: 200, body: JSON.stringify({ onCall: emails.map((email) => ({ email })) }) };
  };
};
