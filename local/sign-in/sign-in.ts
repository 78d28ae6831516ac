/** The issuer of this machine, loaded when somebody first asks for it: most starts of the service never need it. */
import type { Listener } from '../loopback-server.ts';
import type { Seed } from '../seed/seed.ts';
import type { StateFolder } from '../state-folder.ts';
import { signInKeys } from './keys.ts';
import { SIGN_IN_PATH } from './settings.ts';
import { openSignInStore, type SignInStore } from './store.ts';

export interface SignIn {
  /** Takes what `isForSignIn`. */
  readonly listener: Listener;
  close(): void;
}

export interface SignInParts {
  readonly issuer: string;
  readonly seed: Seed;
  readonly folder: Pick<StateFolder, 'file'>;
}

export const isForSignIn = (url: string | undefined): boolean => url?.startsWith(`${SIGN_IN_PATH}/`) ?? false;

export const openSignIn = ({ issuer, seed, folder }: SignInParts): SignIn => {
  let store: SignInStore | undefined;
  let loading: Promise<Listener> | undefined;
  const load = async (): Promise<Listener> => {
    const [{ createIssuer }, keys] = await Promise.all([
      import('./issuer.ts'),
      signInKeys(folder.file('sign-in-keys.json')),
    ]);
    store ??= openSignInStore(folder.file('sign-in.sqlite'));
    return createIssuer({ issuer, seed, keys, store });
  };
  const loaded = (): Promise<Listener> => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return {
    listener: async (request, response) => (await loaded())(request, response),
    close: () => store?.close(),
  };
};
