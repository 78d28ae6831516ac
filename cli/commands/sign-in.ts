/** `brevet login` and `brevet logout` on the command line: what they take; what they do is loaded when they run. */
import type { Command } from 'commander';
import type { CommonFlags } from '../context.ts';
import type { Go } from '../program.ts';
import type { LoginFlags } from './login.ts';

/** @param described adds what every command has */
export const addSignIn = (program: Command, go: Go, described: (command: Command) => Command): void => {
  described(program.command('login'))
    .description('sign in with your browser, where you hold no AWS credentials')
    .option('--device', 'show a code to type in a browser elsewhere')
    .option('--no-browser', 'print the address only')
    .option('--port <number>', 'loopback port to come back to, where the issuer knows one only (else any)')
    .option('--client-id <id>', 'client to sign in with (else the one that the service names)')
    .action((flags: LoginFlags) => go(flags, async (context) => (await import('./login.ts')).login(context, flags)));
  described(program.command('logout'))
    .description('forget the sign-in at this service, and have its issuer forget it')
    .action((flags: CommonFlags) => go(flags, async (context) => (await import('./logout.ts')).logout(context)));
};
