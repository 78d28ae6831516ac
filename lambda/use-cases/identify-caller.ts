/** Turns the identity that a door has proven into a person of IAM Identity Center, enabled, or refuses. */
import type { Person } from '../domain/policy/facts.ts';
import type { ProvenIdentity } from '../domain/proven-identity.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { Needs } from './world.ts';

const WORDS: Readonly<Record<ProvenIdentity['kind'], string>> = { 'user-name': 'user name', email: 'e-mail address' };

/** The same person is the same Identity Center user id, whichever door they came through. */
export const identifyCaller = async (
  world: Needs<'directory'>,
  { kind, value }: ProvenIdentity,
): Promise<Person | Refusal> => {
  const { directory } = world;
  const match = kind === 'email' ? await directory.findByEmail(value) : await directory.findByUserName(value);
  const what = `the ${WORDS[kind]} "${value}"`;
  if (match === undefined) {
    return refuse(
      'caller_unknown',
      `No user of IAM Identity Center has ${what}. Sign in as somebody whom it knows, or ask whoever administers it.`,
    );
  }
  if (match === 'several') {
    return refuse(
      'caller_ambiguous',
      `More than one user of IAM Identity Center has ${what}, so nobody is certain. Ask whoever administers it.`,
    );
  }
  if (!match.enabled)
    return refuse('caller_disabled', `The user "${match.userName}" is disabled in IAM Identity Center.`);
  return match;
};
