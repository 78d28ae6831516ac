/** Somebody at a computer of their own, with a browser, without AWS credentials unless a test gives them some. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localCredentials } from '../../local/seed/credentials.ts';
import type { Brevet, Ran } from '../cli/support/brevet.ts';
import { createBrowser, formIn, personOn } from '../local/browser.ts';

type Variables = Readonly<Record<string, string>>;
interface Tokens {
  bearer: string;
  expiresAt: number;
  refresh?: string;
}
export interface Kept {
  readonly signIns: Readonly<Record<string, { readonly tokens?: Tokens; readonly sealed?: string }>>;
}

/** What somebody does in a browser with the address that a command shows. */
export type Visit = (url: string, said: string) => Promise<unknown>;

export interface Somebody {
  /** Their home folder. */
  readonly folder: string;
  /** Where the command keeps what it gets. */
  readonly tokenFile: string;
  run(args: readonly string[], more?: Variables): Promise<Ran>;
  /** The same with `--json`, its output read. */
  json<Answer>(...args: readonly string[]): Promise<Answer>;
  /** As somebody who signs with AWS credentials, and has signed in nowhere. */
  signed(userName: string, ...args: readonly string[]): Promise<Ran>;
  /** Runs the command, and does in a browser what it asks for. */
  withBrowser(args: readonly string[], visit: Visit, more?: Variables): Promise<Ran>;
  login(userName: string, more?: Variables): Promise<Ran>;
  kept(): Promise<Kept>;
  /** Changes what is kept of the one sign-in. */
  tamper(change: (tokens: Tokens) => void): Promise<void>;
  leave(): Promise<void>;
}

export const keysOf = (userName: string): Record<string, string> => {
  const { accessKeyId, secretAccessKey } = localCredentials(userName);
  return { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
};

export const answerOf = <Answer>({ code, stdout, stderr }: Ran): Answer => {
  if (stdout === '') throw new Error(`it ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Answer;
};

/** Chooses that person on the page of the local issuer. */
export const choose =
  (userName: string): Visit =>
  async (url) => {
    const browser = createBrowser();
    const people = await browser.open(url);
    const back = await browser.open(formIn(people).action, { form: { person: personOn(people, userName) } });
    if (!back.html.includes('Back to the terminal')) throw new Error(`came to ${back.url}:\n${back.html}`);
  };

const addressIn = (said: string): string | undefined =>
  said.includes('Waiting for you') ? /^ {2}(?<url>http:\S+)$/m.exec(said)?.groups?.url : undefined;

export const somebody = async (brevet: Brevet, endpoint: string): Promise<Somebody> => {
  const folder = await mkdtemp(join(tmpdir(), 'brevet-home-'));
  const tokenFile = join(folder, 'tokens.json');
  const bare = (more: Variables = {}): Record<string, string> => ({
    BREVET_ENDPOINT: endpoint,
    BREVET_TOKEN_FILE: tokenFile,
    HOME: folder,
    ...more,
  });
  const run: Somebody['run'] = (args, more) => brevet.run(args, { env: bare(more) });
  const kept: Somebody['kept'] = async () => JSON.parse(await readFile(tokenFile, 'utf8'));
  const withBrowser: Somebody['withBrowser'] = async (args, visit, more) => {
    let visiting: Promise<unknown> | undefined;
    const ran = await brevet.run(args, {
      env: bare(more),
      onStderr: (said, child) => {
        const url = addressIn(said);
        if (url === undefined) return;
        visiting ??= visit(url, said).catch((error: unknown) => {
          child.kill();
          throw error;
        });
      },
    });
    await visiting;
    return ran;
  };
  return {
    folder,
    tokenFile,
    run,
    json: async <Answer>(...args: readonly string[]) => answerOf<Answer>(await run([...args, '--json'])),
    signed: (userName, ...args) => run(args, { ...keysOf(userName), BREVET_TOKEN_FILE: join(folder, 'none.json') }),
    withBrowser,
    login: (userName, more) => withBrowser(['login'], choose(userName), more),
    kept,
    tamper: async (change) => {
      const file = await kept();
      for (const { tokens } of Object.values(file.signIns)) if (tokens) change(tokens);
      await writeFile(tokenFile, JSON.stringify(file));
    },
    leave: () => rm(folder, { recursive: true, force: true }),
  };
};
