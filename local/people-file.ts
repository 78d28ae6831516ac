/** Writes who there is, with their keys and where to go: `brevet local profile` makes AWS profiles of it. */
import { rename, writeFile } from 'node:fs/promises';
import { localCredentials, localSsoToken } from './seed/credentials.ts';
import type { Seed } from './seed/seed.ts';

export interface Places {
  /** Of the gateway. */
  readonly endpoint: string;
  /** Of the AWS stand-ins. */
  readonly awsEndpoint: string;
  readonly policyTable: string;
}

export const writePeopleFile = async (path: string, seed: Seed, places: Places): Promise<void> => {
  const groupsOf = (userId: string): string[] =>
    seed.groups.filter(({ memberUserIds }) => memberUserIds.includes(userId)).map(({ displayName }) => displayName);
  const people = seed.people.map(({ userId, userName, displayName, title }) => ({
    userName,
    displayName,
    title,
    groups: groupsOf(userId),
    ...localCredentials(userName),
    ssoToken: localSsoToken(userName),
  }));
  const text = JSON.stringify({ ...places, region: seed.region, people }, null, 2);
  await writeFile(`${path}.new`, `${text}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
};
