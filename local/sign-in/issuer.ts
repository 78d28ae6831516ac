/** The OpenID Connect issuer of this machine, whose people are those of the seed: what answers below `/sign-in`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { type Listener, readBody } from '../loopback-server.ts';
import type { SeedPerson } from '../seed/seed.ts';
import { createProvider, type IssuerParts } from './configuration.ts';
import { messagePage, peoplePage, SIGN_IN_HEADERS } from './page.ts';
import { SIGN_IN_PATH } from './settings.ts';

const INTERACTION = new RegExp(`^${SIGN_IN_PATH}/interaction/[\\w-]{1,64}$`);
const MOST_FORM_BYTES = 4096;

const send = (response: ServerResponse, status: number, html: string): void => {
  response.writeHead(status, SIGN_IN_HEADERS).end(html);
};

const STALE = messagePage(
  'This page has expired',
  'Start again: brevet login. If cookies are off, turn them on for this address.',
);

/** Else the provider would first have the one before sign out, by a page that needs JavaScript. */
const forgetWhoWasThere = async (provider: Provider, uid: string | undefined): Promise<void> => {
  const session = uid === undefined ? undefined : await provider.Session.findByUid(uid);
  if (!session?.accountId) return;
  delete session.accountId;
  delete session.authorizations;
  await session.persist();
};

/** Somebody chose a person: they are signed in, and go on to where they came from. */
const finish = async (
  provider: Provider,
  people: readonly SeedPerson[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const body = await readBody(request, MOST_FORM_BYTES);
  const chosen = new URLSearchParams(body?.toString('utf8') ?? '').get('person');
  const person = people.find(({ userId }) => userId === chosen);
  if (!person) {
    send(response, 400, messagePage('There is no such person', 'Go back, and choose one of the list.'));
    return;
  }
  const { session } = await provider.interactionDetails(request, response);
  const goOn = await provider.interactionResult(request, response, { login: { accountId: person.userId } });
  await forgetWhoWasThere(provider, session?.uid);
  response.writeHead(303, { location: goOn, 'content-length': 0 }).end();
};

const interact = async (
  provider: Provider,
  people: readonly SeedPerson[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const isThere = await provider.interactionDetails(request, response).then(
    () => true,
    () => false,
  );
  if (!isThere) send(response, 400, STALE);
  else if (request.method === 'POST') await finish(provider, people, request, response);
  else send(response, 200, peoplePage(request.url ?? '', people));
};

export const createIssuer = (parts: IssuerParts): Listener => {
  const provider = createProvider(parts);
  const answer = provider.callback();
  return async (request, response) => {
    const { url = '' } = request;
    if (INTERACTION.test(url)) {
      await interact(provider, parts.seed.people, request, response);
      return;
    }
    // As Express mounts it: by the difference of the two, the provider knows where it lies.
    Object.assign(request, { originalUrl: url, url: url.slice(SIGN_IN_PATH.length) });
    await answer(request, response);
  };
};
