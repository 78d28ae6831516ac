/** The share of AWS's rates that reading the organization takes, put on the clients that it reads by. */
import type { IdentitystoreClient } from '@aws-sdk/client-identitystore';
import type { OrganizationsClient } from '@aws-sdk/client-organizations';
import type { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import type { Clock } from '../ports/clock.ts';
import { createTurns, type Rate } from './turns.ts';

/**
 * By command. AWS bears more: 8 a second of ListAccounts (burst 12), 10 of ListTagsForResource (15); of listing units it
 * documents nothing, and 5 (8) of the like list of accounts. The rest is for people who ask, and for others in the organization.
 */
export const ORGANIZATIONS_RATES: Readonly<Record<string, Rate>> = {
  ListAccountsCommand: { perSecond: 5, burst: 8 },
  ListOrganizationalUnitsForParentCommand: { perSecond: 4, burst: 8 },
  ListTagsForResourceCommand: { perSecond: 8, burst: 12 },
};
/** All calls together. AWS bears 20 a second for everyone, granting and ending among them. */
export const IDENTITY_CENTER_RATE: Rate = { perSecond: 8, burst: 8 };
/** AWS bears 20 a second of each kind of call, and this reads by one kind. */
export const IDENTITY_STORE_RATE: Rate = { perSecond: 10, burst: 10 };

/** Has each command wait for its turn; retries are slowed down by the client itself. */
const paceBy = (
  client: OrganizationsClient | SSOAdminClient | IdentitystoreClient,
  turnOf: (command: string) => Promise<void> | undefined,
): void => {
  const stack = client.middlewareStack as OrganizationsClient['middlewareStack'];
  stack.add(
    (next, { commandName = '' }) =>
      async (input) => {
        await turnOf(commandName);
        return next(input);
      },
    { step: 'initialize', name: 'takeTurn' },
  );
};

export const paceOrganizations = (client: OrganizationsClient, clock: Clock): void => {
  const turns = new Map(Object.entries(ORGANIZATIONS_RATES).map(([name, rate]) => [name, createTurns(rate, clock)]));
  paceBy(client, (command) => turns.get(command)?.());
};

export const paceAlike = (client: SSOAdminClient | IdentitystoreClient, rate: Rate, clock: Clock): void => {
  const turn = createTurns(rate, clock);
  paceBy(client, () => turn());
};
