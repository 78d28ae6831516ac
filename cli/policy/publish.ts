/** Publishing a policy: what is judged and shown before, and the two writes that put it in force. */
import { policyFrom } from '../../lambda/adapters/policy-from-file.ts';
import { DEFAULT_LIMITS } from '../../lambda/contract/limits.ts';
import { readPolicyDocument } from '../../lambda/contract/policy-document.ts';
import type { ParsedPolicy } from '../../lambda/contract/policy-file.ts';
import { policyLanguage } from '../../lambda/contract/policy-schema.ts';
import { failure, usage } from '../failure.ts';
import { type Difference, diff } from './diff.ts';
import type { OfflineOrganization } from './offline.ts';
import type { PolicyTable } from './policy-table.ts';

export type SoundPolicy = Extract<ParsedPolicy, { ok: true }>;

export interface PublicationPlan {
  readonly version: string;
  /** In force now; absent where none was ever published. */
  readonly replaces?: string;
  /** Absent where no organization is at hand, or the policy in force cannot be read by this command. */
  readonly differences?: readonly Difference[];
}

/** One item of the table holds a version. */
const refuseTooLarge = ({ document }: SoundPolicy): void => {
  const bytes = Buffer.byteLength(document);
  if (bytes <= DEFAULT_LIMITS.policyBytes) return;
  throw usage(`The policy has ${bytes} bytes as JSON; at most ${DEFAULT_LIMITS.policyBytes}.`);
};

/** NB. Who is deployed and cannot read a policy gives nothing by it, to anybody. */
const refuseOtherLanguage = async (table: PolicyTable): Promise<void> => {
  const language = await table.language();
  if (language === undefined || language === policyLanguage()) return;
  throw usage(
    'What is deployed reads policies in another version of their language than this brevet.',
    'Publish by the brevet of the version that is deployed, or deploy this one first.',
  );
};

const differencesTo = async (
  table: PolicyTable,
  { file, version }: SoundPolicy,
  replaces: string,
  organization: OfflineOrganization,
): Promise<readonly Difference[] | undefined> => {
  const document = await table.documentOf(replaces);
  const read = document === undefined ? undefined : readPolicyDocument(document);
  if (!read?.ok) return undefined;
  return diff(policyFrom(read.file, replaces), policyFrom(file, version), organization);
};

export const planPublication = async (
  table: PolicyTable,
  policy: SoundPolicy,
  organization: OfflineOrganization | undefined,
): Promise<PublicationPlan> => {
  refuseTooLarge(policy);
  await refuseOtherLanguage(table);
  const { version } = policy;
  const replaces = await table.inForce();
  if (replaces === undefined) return { version };
  const differences = organization && (await differencesTo(table, policy, replaces, organization));
  return { version, replaces, ...(differences && { differences }) };
};

/** The version first: a pointer to one that is not there would deny everything. @throws Failure when somebody else was quicker */
export const carryOut = async (
  table: PolicyTable,
  { document }: SoundPolicy,
  { version, replaces }: PublicationPlan,
): Promise<void> => {
  await table.put(version, document);
  if (await table.putInForce(version, replaces)) return;
  const now = await table.inForce();
  // Somebody has published the very same at the same moment.
  if (now === version) return;
  throw failure(
    'changed_meanwhile',
    `Somebody published another policy meanwhile: ${now ?? 'none'} is in force, and not ${replaces ?? 'none'} any more.`,
    { next: 'Look at what they changed, and publish again.' },
  );
};
