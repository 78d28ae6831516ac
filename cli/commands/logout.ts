/** `brevet logout`: forgets the sign-in at a service, here and at its issuer. */
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { SignedOut } from '../json-documents.ts';
import { keptSignIns } from '../sign-in/kept-sign-ins.ts';
import { revoke } from '../sign-in/revocation.ts';

const signedOutLines = ({ endpoint, wasSignedIn, isRevoked }: SignedOut): string[] => {
  if (!wasSignedIn) return [`You were not signed in at ${endpoint}.`];
  const rest = isRevoked ? '' : ' The issuer was not told: it takes nothing back, or does not answer.';
  return [`Signed out of ${endpoint}.${rest}`];
};

/** What is kept here goes in any case. */
export const logout = async ({ terminal, output, endpoint: find }: Context): Promise<ExitCode> => {
  const endpoint = await find();
  const kept = keptSignIns(terminal.env);
  const signIn = await kept.read(endpoint);
  const wasSignedIn = await kept.forget(endpoint);
  const isRevoked = typeof signIn === 'object' && (await revoke(signIn));
  output.answer({ endpoint: endpoint.href.replace(/\/$/, ''), wasSignedIn, isRevoked }, signedOutLines);
  return EXIT.usable;
};
