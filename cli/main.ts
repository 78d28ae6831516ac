/** Entry of the `brevet` command. */
import { runCommandLine } from './command-line.ts';
import { hostTerminal } from './terminal.ts';

/** Whoever reads our output may stop reading (`brevet ls | head`): that is no failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
/** The terminal may be gone while there is still something to end: that nobody sees it is no reason not to. */
process.stderr.on('error', () => undefined);

const exitCode = await runCommandLine(process.argv.slice(2), hostTerminal());

// Everything written is out before leaving; kept-alive connections would hold the process up.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
