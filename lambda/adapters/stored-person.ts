/** A person as the Identity Store has them. */
import type { Person } from '../domain/policy/facts.ts';
import type { StoredUser } from './identity-store-calls.ts';
import { attributesFrom } from './person-attributes.ts';
import { required } from './service-call.ts';

const SOURCE = 'identity-store';

/**
 * A user whose record has no status counts as enabled: the field came late to the API, and Identity Center itself
 * signs such users in. Only DISABLED means disabled.
 */
export const personFrom = (user: StoredUser): Person => {
  const userName = required(SOURCE, 'UserName', user.UserName);
  return {
    id: required(SOURCE, 'UserId', user.UserId),
    userName,
    displayName: user.DisplayName ?? userName,
    enabled: user.UserStatus === undefined || user.UserStatus === 'ENABLED',
    attributes: attributesFrom(user),
  };
};
