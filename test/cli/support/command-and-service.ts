/** The built command and a service on loopback for the tests of one file: there before the first of them, gone after the last. */
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type Brevet, buildBrevet, type Ran, type RunOptions, signedInAt } from './brevet.ts';
import { type Home, makeHome } from './home.ts';
import { type Service, startService } from './service.ts';

type Run = (args: readonly string[], options?: RunOptions) => Promise<Ran>;

interface CommandAndService {
  readonly brevet: Omit<Brevet, 'remove'>;
  readonly service: Omit<Service, 'close'>;
  /** Method and path of each call since the service was told how to answer. */
  readonly called: () => readonly string[];
}

/** To be called once, outside of tests; what it returns is of use inside them. */
export const commandAndService = (): CommandAndService => {
  let brevet: Brevet;
  let service: Service;
  beforeAll(async () => {
    [brevet, service] = await Promise.all([buildBrevet(), startService()]);
  });
  afterAll(async () => {
    await Promise.all([brevet.remove(), service.close()]);
  });
  return {
    brevet: {
      get path() {
        return brevet.path;
      },
      run: (args, options) => brevet.run(args, options),
    },
    service: {
      get endpoint() {
        return service.endpoint;
      },
      get received() {
        return service.received;
      },
      answerWith: (answers) => service.answerWith(answers),
    },
    called: () => service.received.map(({ method, path }) => `${method} ${path}`),
  };
};

/** The same, run by somebody who has keys with which to sign. */
export const signedInCommand = (): CommandAndService & { readonly run: Run } => {
  const made = commandAndService();
  const run: Run = (args, { env = {}, ...options } = {}) =>
    made.brevet.run(args, { ...options, env: { ...signedInAt(made.service.endpoint), ...env } });
  return { ...made, run };
};

/** The same, run by somebody who has signed in to IAM Identity Center, in a home that is new for each test. */
export const commandAtHome = (): CommandAndService & { readonly run: Run; readonly home: Omit<Home, 'remove'> } => {
  const made = commandAndService();
  let home: Home;
  beforeEach(async () => {
    home = await makeHome(made.service.endpoint);
  });
  afterEach(() => home.remove());
  const run: Run = (args, { env = {}, ...options } = {}) =>
    made.brevet.run(args, { ...options, env: { ...home.env, ...env } });
  return {
    ...made,
    run,
    home: {
      get folder() {
        return home.folder;
      },
      get env() {
        return home.env;
      },
      get configPath() {
        return home.configPath;
      },
      config: () => home.config(),
    },
  };
};
