/** Turns the user name that a door has proven into a person of IAM Identity Center, enabled, or refuses. */
import type { Person } from '../domain/policy/facts.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { Needs } from './world.ts';

export const identifyCaller = async (world: Needs<'directory'>, userName: string): Promise<Person | Refusal> => {
  const person = await world.directory.findByUserName(userName);
  if (!person) {
    return refuse(
      'caller_unknown',
      `"${userName}" is no user of IAM Identity Center. Sign in through the AWS access portal, or with AWS_PROFILE of an SSO profile.`,
    );
  }
  if (!person.enabled) return refuse('caller_disabled', `The user "${userName}" is disabled in IAM Identity Center.`);
  return person;
};
