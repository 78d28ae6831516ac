/** Where sign-ins are kept between commands: a file of its owner's alone, sealed with a key of the operating system's store. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import type { Environment } from '../terminal.ts';
import { changeFile, readWhole } from '../whole-file.ts';
import { type KeyStore, keyStoreOf } from './key-store.ts';

const secrets = z.object({ bearer: z.string(), expiresAt: z.number(), refresh: z.string().optional() });

const signIn = z.object({
  issuer: z.string(),
  clientId: z.string(),
  audience: z.array(z.string()),
  /** One of the two: JSON sealed by the key, or in the clear. */
  sealed: z.string().optional(),
  tokens: secrets.optional(),
});

const file = z.object({ version: z.literal(1), signIns: z.record(z.string(), signIn) });
type File = z.output<typeof file>;

/** What was kept for one endpoint. */
export interface SignIn extends Omit<z.output<typeof signIn>, 'sealed' | 'tokens'> {
  readonly tokens: z.output<typeof secrets>;
}

export interface KeptSignIns {
  readonly path: string;
  /** `unreadable`: there is one, and the store does not give its key (any more). */
  read(endpoint: URL): Promise<SignIn | undefined | 'unreadable'>;
  /** Whether there is one, without asking the store for its key. */
  has(endpoint: URL): Promise<boolean>;
  /** @returns where, for people */
  keep(endpoint: URL, kept: SignIn): Promise<string>;
  /** @returns whether there was one */
  forget(endpoint: URL): Promise<boolean>;
}

const NAME = 'sign-ins.json';

/** The folder for what programs keep by themselves: macOS's, Windows', and elsewhere that of the XDG specification. */
const stateFolder = (platform: NodeJS.Platform, env: Environment): string => {
  const home = env.HOME || homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'brevet');
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'brevet');
  return join(env.XDG_STATE_HOME || join(home, '.local', 'state'), 'brevet');
};

const keyOf = (endpoint: URL): string => endpoint.href.replace(/\/+$/, '');

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** NB. Bound to its endpoint, so that nobody who can write the file gets one service's token sent to another. */
const seal = (key: Buffer, endpoint: string, tokens: SignIn['tokens']): string => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(endpoint));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(tokens), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
};

const unseal = (key: Buffer, endpoint: string, text: string): SignIn['tokens'] | undefined => {
  const bytes = Buffer.from(text, 'base64url');
  try {
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(endpoint))
      .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const plain = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    return secrets.parse(JSON.parse(plain.toString('utf8')));
  } catch {
    return undefined;
  }
};

/** What is no such file counts as none: the next sign-in writes a new one. */
const parse = (text: string): File => {
  try {
    return file.parse(JSON.parse(text));
  } catch {
    return { version: 1, signIns: {} };
  }
};

const changed = (path: string, change: (signIns: File['signIns']) => File['signIns']): Promise<void> =>
  changeFile(path, (text) => {
    const before = parse(text);
    return `${JSON.stringify({ ...before, signIns: change(before.signIns) }, null, 2)}\n`;
  });

export const keptSignIns = (env: Environment, platform: NodeJS.Platform = process.platform): KeptSignIns => {
  const named = env.BREVET_TOKEN_FILE || undefined;
  const path = named === undefined ? join(stateFolder(platform, env), NAME) : resolve(named);
  // A file that was named is for where there is no store: in containers and in tests.
  const store: KeyStore | undefined = named === undefined ? keyStoreOf(platform) : undefined;
  const find = async (endpoint: URL) => parse(await readWhole(path)).signIns[keyOf(endpoint)];

  return {
    path,
    has: async (endpoint) => (await find(endpoint)) !== undefined,
    read: async (endpoint) => {
      const found = await find(endpoint);
      if (found === undefined) return undefined;
      const { sealed, tokens: plain, ...rest } = found;
      if (sealed === undefined) return plain === undefined ? 'unreadable' : { ...rest, tokens: plain };
      const key = await store?.read();
      const tokens = key && unseal(key, keyOf(endpoint), sealed);
      return tokens === undefined ? 'unreadable' : { ...rest, tokens };
    },
    keep: async (endpoint, { tokens, ...rest }) => {
      const id = keyOf(endpoint);
      const key = (await store?.read()) ?? (await store?.make());
      const entry = key ? { ...rest, sealed: seal(key, id, tokens) } : { ...rest, tokens };
      await changed(path, (signIns) => ({ ...signIns, [id]: entry }));
      return key && store ? `${path}, sealed with a key in ${store.name}` : path;
    },
    forget: async (endpoint) => {
      const id = keyOf(endpoint);
      if ((await find(endpoint)) === undefined) return false;
      await changed(path, ({ [id]: _gone, ...others }) => others);
      return true;
    },
  };
};
