/**
 * The operating system's store for secrets, where it can be reached without a native module. It holds one key, with which
 * what is kept in the file is sealed: stores bear a few kilobytes at most, and tokens may be longer.
 */
import { randomBytes } from 'node:crypto';
import { run } from './run-program.ts';

export interface KeyStore {
  /** For people. */
  readonly name: string;
  /** The key; undefined when there is none, or nobody unlocks it. */
  read(): Promise<Buffer | undefined>;
  /** A new key, kept there; undefined when it cannot be. */
  make(): Promise<Buffer | undefined>;
}

const KEY_BYTES = 32;
const SERVICE = 'brevet';
const ACCOUNT = 'sign-ins';

interface Tool {
  readonly name: string;
  readonly read: () => Promise<string | undefined>;
  /** NB. The secret goes through standard input: arguments can be seen by everybody on the machine. */
  readonly write: (secret: string) => Promise<string | undefined>;
}

/** NB. By its full path, so that nothing else on the PATH is handed the key. */
const SECURITY = '/usr/bin/security';

const keychain: Tool = {
  name: 'the macOS keychain',
  read: () => run(SECURITY, ['find-generic-password', '-s', SERVICE, '-a', ACCOUNT, '-w']),
  write: (secret) => run(SECURITY, ['-i'], `add-generic-password -U -s ${SERVICE} -a ${ACCOUNT} -w ${secret}\n`),
};

const ATTRIBUTES = ['service', SERVICE, 'account', ACCOUNT];

const secretService: Tool = {
  name: 'the Secret Service (secret-tool)',
  read: () => run('secret-tool', ['lookup', ...ATTRIBUTES]),
  write: (secret) => run('secret-tool', ['store', '--label=Brevet sign-ins', ...ATTRIBUTES], secret),
};

const TOOLS: Readonly<Partial<Record<NodeJS.Platform, Tool>>> = { darwin: keychain, linux: secretService };

const keyIn = (text: string | undefined): Buffer | undefined => {
  const key = Buffer.from(text?.trim() ?? '', 'base64url');
  return key.length === KEY_BYTES ? key : undefined;
};

/** Undefined on a system without such a tool of its own. */
export const keyStoreOf = (platform: NodeJS.Platform): KeyStore | undefined => {
  const tool = TOOLS[platform];
  if (!tool) return undefined;
  const read = async (): Promise<Buffer | undefined> => keyIn(await tool.read());
  return {
    name: tool.name,
    read,
    make: async () => {
      await tool.write(randomBytes(KEY_BYTES).toString('base64url'));
      return read();
    },
  };
};
