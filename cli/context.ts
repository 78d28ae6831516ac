/** What every command is handed: its surroundings, its output, and the way to the service, opened when first needed. */
import { type Caller, readCaller } from './aws-profile.ts';
import { type Client, clientOn } from './client.ts';
import { openDoor } from './door.ts';
import { findEndpoint } from './endpoint.ts';
import { type Output, outputOn } from './output.ts';
import type { Terminal } from './terminal.ts';

/** Options that every command has. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly endpoint?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly auth?: string;
}

export interface Context {
  readonly terminal: Terminal;
  readonly output: Output;
  /** As whom the service is called. */
  caller(): Promise<Caller>;
  /** @throws Failure when nothing names one. */
  endpoint(): Promise<URL>;
  /** @throws Failure when nothing names an endpoint, or a Region for signing. */
  connect(): Promise<Client>;
}

const connect = async (context: Omit<Context, 'connect'>, { auth, region }: CommonFlags): Promise<Client> => {
  const { terminal, output } = context;
  const endpoint = await context.endpoint();
  const door = await openDoor({ endpoint, auth, region, caller: await context.caller(), terminal });
  return clientOn({ endpoint, door, note: output.note, sleep: (milliseconds) => terminal.sleep(milliseconds) });
};

export const contextOf = (terminal: Terminal, flags: CommonFlags): Context => {
  const output = outputOn(terminal, flags.json === true);
  let found: Promise<Caller> | undefined;
  const caller = (): Promise<Caller> => {
    found ??= readCaller(flags.profile, terminal.env);
    return found;
  };
  const endpoint = async (): Promise<URL> => findEndpoint(flags.endpoint, terminal.env, (await caller()).profile);
  const surroundings = { terminal, output, caller, endpoint };
  return { ...surroundings, connect: () => connect(surroundings, flags) };
};
