/** Requests that were asked of the service in memory, the events that it sealed of them, and what a policy comes to on them. */
import { expect } from 'vitest';
import { offlineOrganization } from '../../../cli/policy/offline.ts';
import { pastRequestsFrom } from '../../../cli/policy/past-requests.ts';
import { replayOn } from '../../../cli/policy/replay.ts';
import { readLine } from '../../../lambda/contract/audit-chain.ts';
import type { OrganizationExport } from '../../../lambda/contract/organization-export.ts';
import { detailOf } from '../../domain/policy/sample-past.ts';
import { createApiWorld, createCaller, GOOD_ASK, POLICY, policyOf } from '../../handlers/api-world.ts';

export const person = (userName: string) => ({
  id: `u-${userName}`,
  userName,
  displayName: userName,
  enabled: true,
  attributes: {},
});
/** As in the world of the API's tests, as it would be exported. */
export const EXPORT: OrganizationExport = {
  version: 1,
  takenAt: '2026-11-23T08:00:00.000Z',
  accounts: [{ id: '400000000001', name: 'payments-prod', ouPath: 'Workloads/Payments', active: true, tags: {} }],
  organizationalUnits: ['Workloads', 'Workloads/Payments'],
  permissionSets: [
    {
      arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-admin',
      name: 'AdministratorAccess',
      sessionSeconds: 3600,
      tags: {},
    },
    { arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-read', name: 'ReadOnlyAccess', sessionSeconds: 3600, tags: {} },
  ],
  groups: [
    { id: 'g-engineers', name: 'engineers', memberIds: ['u-maria', 'u-diego'] },
    { id: 'g-leads', name: 'leads', memberIds: ['u-omar', 'u-lena'] },
    { id: 'g-omar', name: 'omar-alone', memberIds: ['u-omar'] },
  ],
  people: ['maria', 'diego', 'omar', 'lena'].map(person),
};

export const READ = { target: { ...GOOD_ASK.target, permissionSet: 'ReadOnlyAccess' }, ticket: undefined };
/** Without conditions on texts everything can be told. */
export const CERTAIN = POLICY.replace(/ {4}require: .*\n/, '');

/** A new world, in which nothing was asked yet. */
export const requestsAsked = () => {
  const made = createApiWorld();
  const call = createCaller(made.api);
  const ask = async (change: object = {}): Promise<string> =>
    (await call('maria', 'POST', '/requests', { body: { ...GOOD_ASK, ...change } })).body.id;

  /** Everything that the trail has, as lines of an export. */
  const exported = async (): Promise<readonly string[]> => {
    made.clock.advance(1);
    const from = '2026-11-22T00:00:00Z';
    const to = '2026-12-01T00:00:00Z';
    const { body } = await call('tom', 'GET', '/audit', { query: { from, to } });
    expect(body.cursor).toBeUndefined();
    return body.items.map((event: object) => JSON.stringify(event));
  };

  const past = async () => {
    const links = (await exported()).map((line) => {
      const read = readLine(line);
      if ('why' in read) throw new Error(read.why);
      return read.event;
    });
    return pastRequestsFrom(links);
  };

  const replayed = async (policy: string, organization: OrganizationExport = EXPORT): Promise<readonly string[]> => {
    const { requests } = await past();
    return replayOn(policyOf(policy), offlineOrganization(organization), requests).map(
      ({ ask: { kind }, outcome }) => `${kind} ${outcome.kind} ${detailOf(outcome)}`,
    );
  };

  return { ...made, call, ask, exported, replayed };
};
