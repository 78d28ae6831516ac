/** An organization that is read for the catalogue, of any size and at any pace, and what came of it. */
import { createFixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { createMemoryCatalogueStore } from '../../lambda/adapters/memory/memory-catalogue-store.ts';
import { createMemoryOrganization } from '../../lambda/adapters/memory/memory-organization.ts';
import { createMemorySurveyor } from '../../lambda/adapters/memory/memory-surveyor.ts';
import { withFaults } from '../../lambda/adapters/memory/with-faults.ts';
import { createRememberedCatalogue } from '../../lambda/adapters/remembered-catalogue.ts';
import { addSeconds, type Instant } from '../../lambda/domain/time.ts';
import { refreshCatalogue } from '../../lambda/use-cases/refresh-catalogue.ts';
import { at, LIMITS } from './small-world.ts';

export const account = (index: number) => ({
  id: String(400_000_000_000 + index),
  name: `account-${index}`,
  ouPath: 'Workloads',
  active: true,
  tags: { team: `team-${index}` },
});
export const set = (index: number) => ({ arn: `arn:${index}`, name: `Set${index}`, sessionSeconds: 3600, tags: {} });

/** An organization of so many accounts, each call about which takes so long. */
export const organizationOf = ({ accounts = 3, secondsACall = 0 } = {}) => {
  const clock = createFixedClock(at('09:00'));
  const organization = createMemoryOrganization({
    accounts: Array.from({ length: accounts }, (_, index) => account(index)),
    permissionSets: [set(1), set(2)],
  });
  const memory = createMemorySurveyor({
    organization,
    units: ['Workloads', 'Empty'],
    outOfReach: ['arn:2'],
    groups: [{ id: 'g-1', name: 'leads' }],
  });
  const asked: string[] = [];
  const surveyor = withFaults('organizations', {
    ...memory,
    tagsOf: async (accountId: string) => {
      asked.push(accountId);
      clock.advance(secondsACall);
      return memory.tagsOf(accountId);
    },
  });
  const store = withFaults('database', createMemoryCatalogueStore());
  const warnings: string[] = [];
  const reporter = { warn: (message: string) => void warnings.push(message) };
  const world = { clock, store, surveyor, reporter, limits: LIMITS };
  let runs = 0;
  const refresh = (resources?: readonly string[], seconds = 3600) => {
    runs += 1;
    const deadline: Instant = addSeconds(clock.now(), seconds);
    const input = { runId: `run-${runs}`, deadline, ...(resources && { wakeUp: { resources } }) };
    return refreshCatalogue(world, input);
  };
  const published = async () => createRememberedCatalogue(store, clock).current();
  return { world, clock, organization, surveyor, store, warnings, asked, refresh, published };
};

export type Given = ReturnType<typeof organizationOf>;
