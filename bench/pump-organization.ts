/** The organization, policy and settings of the pump's measure: many engineers, since each may have 20 requests open. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { ROOT, type ServiceFiles } from './local-service.ts';

const ENGINEERS = 90;
export const LOAD_ENGINEERS: readonly string[] = Array.from({ length: ENGINEERS }, (_, number) => `load${number}`);
export const AT_ONCE_SETS = ['ReadOnlyAccess', 'SecurityAudit', 'NetworkAdmin', 'SupportUser'] as const;
export const GLASS_SET = 'AdministratorAccess';

const POLICY = {
  version: 1,
  entitlements: [
    {
      name: 'at-once',
      who: { groups: ['load-engineers'] },
      what: { accounts: { organizational_units: ['Workloads'] }, permission_sets: AT_ONCE_SETS },
      max_duration: '4h',
      approval: 'none',
    },
    {
      name: 'in-an-incident',
      who: { groups: ['load-engineers'] },
      what: { accounts: { organizational_units: ['Workloads'] }, permission_sets: [GLASS_SET] },
      max_duration: '4h',
      break_glass: { tell: { groups: ['storefront-leads'] } },
    },
  ],
};

interface SeedFile {
  readonly people: readonly object[];
  readonly groups: readonly object[];
}

const withEngineers = (seed: SeedFile): SeedFile => ({
  ...seed,
  people: [
    ...seed.people,
    ...LOAD_ENGINEERS.map((userName, number) => {
      const familyName = `Number ${number}`;
      return { userName, givenName: 'Engineer', familyName, title: 'Software Engineer', team: 'load' };
    }),
  ],
  groups: [...seed.groups, { name: 'load-engineers', members: LOAD_ENGINEERS }],
});

/** Written into that folder. */
export const writePumpFiles = async (folder: string): Promise<Required<ServiceFiles>> => {
  const seed: SeedFile = parse(await readFile(`${ROOT}local/seed/organization.yaml`, 'utf8'));
  const settings: object = parse(await readFile(`${ROOT}bench/settings.yaml`, 'utf8'));
  const files = { seed: join(folder, 'organization.yaml'), settings: join(folder, 'settings.yaml') };
  await writeFile(files.seed, stringify(withEngineers(seed)));
  await writeFile(files.settings, stringify(settings));
  await writeFile(join(folder, 'policy.yaml'), stringify(POLICY));
  return files;
};
