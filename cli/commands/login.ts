/** `brevet login`: signs somebody in at the issuer that the service trusts, and keeps what is needed to call it as them. */
import type { MeView } from '../../lambda/contract/api.ts';
import type { LoginConfiguration } from '../../lambda/contract/sign-in.ts';
import { clientOn } from '../client.ts';
import type { CommonFlags, Context } from '../context.ts';
import { EXIT, type ExitCode, exitOfProblem } from '../exit-codes.ts';
import { Failure, failure, usage } from '../failure.ts';
import type { SignedIn } from '../json-documents.ts';
import type { Page } from '../output.ts';
import { fieldLines } from '../render/fields.ts';
import { moment } from '../render/moment.ts';
import { wrap } from '../render/text.ts';
import { personName } from '../render/words.ts';
import { bearerOf } from '../sign-in/bearer.ts';
import { signInByCode } from '../sign-in/code-flow.ts';
import { signInByDevice } from '../sign-in/device-flow.ts';
import { findIssuer, type Issuer } from '../sign-in/issuer.ts';
import { type KeptSignIns, keptSignIns } from '../sign-in/kept-sign-ins.ts';
import { readLoginConfiguration } from '../sign-in/login-configuration.ts';
import { tokensFrom } from '../sign-in/tokens.ts';

export interface LoginFlags extends CommonFlags {
  readonly device?: boolean;
  /** False for `--no-browser`. */
  readonly browser?: boolean;
  readonly port?: string;
  readonly clientId?: string;
}

const portFrom = (text: string | undefined): number => {
  if (text === undefined) return 0;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw usage(`--port "${text}" is no port.`, 'Write a number from 1 to 65535.');
};

const clientIdFrom = (flag: string | undefined, { clientId }: LoginConfiguration, endpoint: URL): string => {
  const found = flag ?? clientId;
  if (found !== undefined) return found;
  throw failure('sign_in_unavailable', `${endpoint.host} names no client for the command line.`, {
    next: 'Pass --client-id, or ask whoever runs Brevet for the setting oidc.client_id.',
  });
};

interface Way {
  readonly url: string;
  readonly code?: string;
  readonly isOpened?: boolean;
}

const wayLines = ({ url, code, isOpened }: Way, page: Page): string[] => {
  const what = isOpened ? 'Sign in in the browser that opens now, or at' : 'Sign in with a browser at';
  return [
    ...wrap(what, page.columns),
    '',
    // Whole, so that a terminal can open it and a person can copy it.
    `  ${url}`,
    '',
    ...(code === undefined
      ? []
      : [...wrap('and check that it shows, or type there, the code', page.columns), '', `  ${code}`, '']),
    ...wrap('Waiting for you; Ctrl-C gives up.', page.columns),
  ];
};

/** Where to go is said in both forms: without it, nobody can do anything. */
const signIn = ({ terminal, output }: Context, flags: LoginFlags, issuer: Issuer, scopes: readonly string[]) =>
  flags.device
    ? signInByDevice({
        issuer,
        scopes,
        terminal,
        show: (url, code) => output.complain({ url: url.href, code }, wayLines),
      })
    : signInByCode({
        issuer,
        scopes,
        terminal,
        port: portFrom(flags.port),
        opensBrowser: flags.browser !== false,
        show: (url, isOpened) => output.complain({ url: url.href, isOpened }, wayLines),
      });

/** Asks the service who that is. A sign-in with which it lets nobody in is not kept. */
const whoIsThat = async ({ terminal, output }: Context, endpoint: URL, kept: KeptSignIns): Promise<MeView> => {
  const door = { name: 'oidc', sign: bearerOf({ endpoint, kept, terminal }) } as const;
  const client = clientOn({ endpoint, door, note: output.note, sleep: (milliseconds) => terminal.sleep(milliseconds) });
  try {
    return await client.me();
  } catch (error) {
    const isRefused = error instanceof Failure && exitOfProblem(error.problem) === EXIT.notSignedIn;
    if (isRefused) await kept.forget(endpoint);
    throw error;
  }
};

const signedInLines = ({ person, endpoint, until, isRenewable, keptIn }: SignedIn, page: Page): string[] => [
  page.style('bold', `Signed in as ${personName(person)}.`),
  ...fieldLines(
    [
      ['service', endpoint],
      ['until', `${moment(until, page)}${isRenewable ? ', and renewed by itself after that' : ''}`],
      ['kept in', keptIn],
      ['sign out', 'brevet logout'],
    ],
    page.columns,
  ),
];

export const login = async (context: Context, flags: LoginFlags): Promise<ExitCode> => {
  const { terminal, output } = context;
  const endpoint = await context.endpoint();
  const configuration = await readLoginConfiguration(endpoint);
  const clientId = clientIdFrom(flags.clientId, configuration, endpoint);
  const issuer = await findIssuer(configuration.issuer, clientId);
  const answer = await signIn(context, flags, issuer, configuration.scopes);
  const { audience } = configuration;
  const tokens = tokensFrom(answer, audience, terminal.now());
  const kept = keptSignIns(terminal.env);
  const keptIn = await kept.keep(endpoint, { issuer: configuration.issuer, clientId, audience, tokens });
  const { id, userName, displayName } = await whoIsThat(context, endpoint, kept);
  const document: SignedIn = {
    endpoint: endpoint.href.replace(/\/$/, ''),
    issuer: configuration.issuer,
    person: { id, userName, displayName },
    until: new Date(tokens.expiresAt).toISOString(),
    isRenewable: tokens.refresh !== undefined,
    keptIn,
  };
  output.answer(document, signedInLines);
  return EXIT.usable;
};
