/** `brevet local profile`: AWS profiles for the people of the service on this machine, in files of their own. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { AUTH_KEY, ENDPOINT_KEY, POLICY_TABLE_KEY, SSO_HOME_KEY } from '../aws-profile.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import type { LocalProfiles } from '../json-documents.ts';
import type { Page } from '../output.ts';
import { writtenProfiles } from '../profile-section.ts';
import { tableLines } from '../render/table.ts';
import { wrap } from '../render/text.ts';
import { shellWord } from '../shell.ts';
import { readWhole } from '../whole-file.ts';

// What stands in an INI file as it is: no line breaks, brackets or comment signs.
const word = z.string().regex(/^[\w+=,.@/:-]+$/);

const address = z.string().regex(/^http:\/\/[\w.:[\]-]+$/);

/** `people.json` in the state folder, written by the local service when it starts. */
const peopleFile = z.object({
  endpoint: address,
  awsEndpoint: address,
  region: word,
  policyTable: word,
  people: z
    .array(
      z.object({
        userName: word,
        displayName: z.string(),
        title: z.string(),
        groups: z.array(z.string()),
        accessKeyId: word,
        secretAccessKey: word,
        ssoToken: word,
      }),
    )
    .min(1),
});
type PeopleFile = z.infer<typeof peopleFile>;

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const asJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const START = 'Start it in another terminal, in the same folder: npm start';

const readPeople = async (path: string): Promise<PeopleFile> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    throw failure('local_service_missing', `There is no ${path}, which the local service writes.`, { next: START });
  });
  const parsed = z.string().transform(asJson).pipe(peopleFile).safeParse(text);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw failure('local_service_missing', `${path} does not fit, at "${issue?.path.join('.')}": ${issue?.message}.`, {
    next: START,
  });
};

const NOTICE = '# Written by "brevet local profile" for the service on this machine; worth nothing elsewhere.\n';

/** Stands for the home folder, so that nobody's own sign-ins are touched; relative to the config file. */
const SSO_HOME = 'aws-home';

const startUrlOf = ({ awsEndpoint }: PeopleFile): string => `${awsEndpoint}/start`;

/** The keys sign calls to Brevet; the sso-session is for the credentials of whatever is granted. */
const configText = (file: PeopleFile): string =>
  NOTICE +
  file.people
    .map(
      ({ userName }) => `
[profile ${userName}]
region = ${file.region}
${ENDPOINT_KEY} = ${file.endpoint}
${AUTH_KEY} = sigv4
endpoint_url = ${file.awsEndpoint}
${POLICY_TABLE_KEY} = ${file.policyTable}
sso_session = ${userName}

[sso-session ${userName}]
sso_start_url = ${startUrlOf(file)}
sso_region = ${file.region}
${SSO_HOME_KEY} = ${SSO_HOME}
`,
    )
    .join('');

const credentialsText = ({ people }: PeopleFile): string =>
  NOTICE +
  people
    .map(
      ({ userName, accessKeyId, secretAccessKey }) =>
        `\n[${userName}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
    )
    .join('');

/** Replaces the file whole, so that its mode holds from the first byte. */
const writePrivately = async (path: string, text: string): Promise<void> => {
  const fresh = `${path}.${process.pid}`;
  await writeFile(fresh, text, { mode: 0o600 });
  await rename(fresh, path);
};

/** Identity Center keeps nobody signed in for longer. */
const SIGNED_IN_MS = 90 * 24 * 60 * 60 * 1000;

/** What `aws sso login` would leave behind, where AWS's tools would look for it. */
const writeTokens = async (folder: string, file: PeopleFile, now: number): Promise<void> => {
  const cache = join(folder, SSO_HOME, '.aws', 'sso', 'cache');
  await mkdir(cache, { recursive: true, mode: 0o700 });
  const expiresAt = new Date(now + SIGNED_IN_MS).toISOString();
  for (const { userName, ssoToken } of file.people) {
    const token = { startUrl: startUrlOf(file), region: file.region, accessToken: ssoToken, expiresAt };
    const name = createHash('sha1').update(userName).digest('hex');
    await writePrivately(join(cache, `${name}.json`), `${JSON.stringify(token, null, 2)}\n`);
  }
};

const exportLines = ({ configFile, credentialsFile }: LocalProfiles): string[] => [
  `export AWS_CONFIG_FILE=${shellWord(configFile)}`,
  `export AWS_SHARED_CREDENTIALS_FILE=${shellWord(credentialsFile)}`,
];

const guideLines = ({ people, endpoint }: LocalProfiles, page: Page): string[] => [
  ...wrap(
    `Profiles for ${people.length} people of the service at ${endpoint}. Use them in this shell with`,
    page.columns,
  ),
  '  eval "$(npx brevet local profile)"',
  ...wrap('and act as somebody with AWS_PROFILE:', page.columns),
  `  AWS_PROFILE=${people[0]?.userName ?? ''} npx brevet whoami`,
  '',
  ...tableLines(
    people,
    [
      { title: 'PROFILE', cell: ({ userName }) => userName },
      { title: 'WHO', cell: ({ displayName }) => displayName, cutTo: 12 },
      { title: 'TITLE', cell: ({ title }) => title, cutTo: 12 },
      { title: 'GROUPS', cell: ({ groups }) => groups.join(', '), cutTo: 16 },
    ],
    page,
  ),
];

export const localProfile = async ({ terminal, output }: Context): Promise<ExitCode> => {
  const folder = resolve(terminal.env.BREVET_STATE_DIR || '.brevet');
  const file = await readPeople(join(folder, 'people.json'));
  const { endpoint, awsEndpoint, region } = file;
  const profiles: LocalProfiles = {
    configFile: join(folder, 'aws-config'),
    credentialsFile: join(folder, 'aws-credentials'),
    ...{ endpoint, awsEndpoint, region },
    people: file.people.map(({ userName, displayName, title, groups }) => ({ userName, displayName, title, groups })),
  };
  await mkdir(folder, { recursive: true });
  await writeTokens(folder, file, terminal.now());
  // Those of `request --write-profile` are in there too.
  await writePrivately(profiles.configFile, configText(file) + writtenProfiles(await readWhole(profiles.configFile)));
  await writePrivately(profiles.credentialsFile, credentialsText(file));
  output.aside(profiles, guideLines);
  output.answer(profiles, exportLines);
  return EXIT.usable;
};
