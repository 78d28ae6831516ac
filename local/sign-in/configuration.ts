/** How the local issuer behaves: one public client, the code flow with PKCE and the device flow, tokens that say who somebody is. */
import Provider, { type Configuration, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { Seed, SeedPerson } from '../seed/seed.ts';
import type { SignInKeys } from './keys.ts';
import { codePage, confirmPage, messagePage, SIGN_IN_HEADERS } from './page.ts';
import { AUDIENCE, CLIENT_ID, SCOPES, SIGN_IN_PATH } from './settings.ts';
import type { SignInStore } from './store.ts';

/** Access tokens are for a resource, which has to be an address. */
const RESOURCE = `urn:${AUDIENCE}`;
const claimsOf = ({ userName, displayName, email }: SeedPerson) => ({
  preferred_username: userName,
  name: displayName,
  email,
  email_verified: true,
});

/** Everybody is asked anew each time: on this machine, one browser is many people. */
const policyForMany = () => {
  const policy = interactionPolicy.base();
  const { Check } = interactionPolicy;
  const ask = new Check('many_people', 'people take turns on this machine', 'login_required', ({ oidc }) =>
    oidc.result?.login ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT,
  );
  policy.get('login')?.checks.add(ask);
  // The only client is our own command, on a port that it chooses itself: that is what makes it "native" here.
  policy.get('consent')?.checks.remove('native_client_prompt');
  return policy;
};

/** What the one client asks for is granted: whoever chooses a person on the page has decided. */
const grantEverything = async ({ oidc }: KoaContextWithOIDC) => {
  const { client, session, params } = oidc;
  if (!client || !session?.accountId) return undefined;
  const grant = new oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(String(params?.scope ?? 'openid'));
  grant.addResourceScope(RESOURCE, 'use');
  await grant.save();
  return grant;
};

const show = (context: KoaContextWithOIDC, html: string): void => {
  context.set(SIGN_IN_HEADERS);
  context.body = html;
};

const codeProblem = (error: unknown): string | undefined => {
  if (error === undefined || error === null) return undefined;
  const { name } = Object(error) as { name?: string };
  return name === 'AbortedError'
    ? 'Aborted; nobody was signed in.'
    : 'There is no such code, or it has expired. Type it again.';
};

const deviceFlow: NonNullable<Configuration['features']>['deviceFlow'] = {
  enabled: true,
  userCodeInputSource: (context, form, _out, error) => show(context, codePage(form, codeProblem(error))),
  userCodeConfirmSource: (context, form, client, _device, code) =>
    show(context, confirmPage(form, client.clientName ?? client.clientId, code)),
  successSource: (context) =>
    show(context, messagePage('You are signed in', 'Go back to the command; this page can be closed.')),
};

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface IssuerParts {
  readonly issuer: string;
  readonly seed: Seed;
  readonly keys: SignInKeys;
  readonly store: SignInStore;
}

const configurationOf = ({ seed, keys, store }: IssuerParts): Configuration => {
  const personOf = (id: string): SeedPerson | undefined => seed.people.find(({ userId }) => userId === id);
  const account = (person: SeedPerson) => ({
    accountId: person.userId,
    claims: async () => ({ sub: person.userId, ...claimsOf(person) }),
  });
  return {
    adapter: store.adapter,
    jwks: { keys: [...keys.jwks.keys] as NonNullable<Configuration['jwks']>['keys'] },
    cookies: { keys: [...keys.cookieKeys] },
    clients: [
      {
        client_id: CLIENT_ID,
        client_name: 'brevet',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        // RFC 8252, section 7.3: any port fits.
        redirect_uris: ['http://127.0.0.1/callback'],
        grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
        response_types: ['code'],
      },
    ],
    pkce: { required: () => true },
    scopes: SCOPES,
    claims: { openid: ['sub'], profile: ['preferred_username', 'name'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    findAccount: async (_context, id) => {
      const person = personOf(id);
      return person && account(person);
    },
    extraTokenClaims: async (_context, token) => {
      const person = personOf('accountId' in token ? String(token.accountId) : '');
      return person && claimsOf(person);
    },
    interactions: { url: (_context, { uid }) => `${SIGN_IN_PATH}/interaction/${uid}`, policy: policyForMany() },
    loadExistingGrant: grantEverything,
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => false,
    renderError: async (context, { error, error_description: description }) =>
      show(context, messagePage('That did not work', `${error}: ${description ?? 'no more is known'}`)),
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: (_context, client, token) => token.clientId === client.clientId,
      },
      deviceFlow,
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'use',
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: HOUR,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    ttl: {
      AccessToken: HOUR,
      AuthorizationCode: MINUTE,
      DeviceCode: 10 * MINUTE,
      Grant: 14 * DAY,
      IdToken: HOUR,
      Interaction: 10 * MINUTE,
      RefreshToken: 14 * DAY,
      Session: DAY,
    },
  };
};

export const createProvider = (parts: IssuerParts): Provider => new Provider(parts.issuer, configurationOf(parts));
