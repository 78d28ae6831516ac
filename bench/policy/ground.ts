/** An organization with its policy, compiled as a function does it. */
import { type OfflineOrganization, offlineOrganization } from '../../cli/policy/offline.ts';
import { policyFrom } from '../../lambda/adapters/policy-from-file.ts';
import type { OrganizationExport } from '../../lambda/contract/organization-export.ts';
import { policyVersionOf, readPolicyDocument } from '../../lambda/contract/policy-document.ts';
import type { Policy } from '../../lambda/domain/policy/policy.ts';
import { indexOf } from '../../lambda/domain/policy/rule-index.ts';
import { generateOrganization, generatePolicy, type Size } from './organization.ts';

export interface Ground {
  readonly content: OrganizationExport;
  readonly organization: OfflineOrganization;
  readonly document: string;
  readonly policy: Policy;
}

/** As the function reads it from its table: text to rules. */
export const compile = (document: string): Policy => {
  const read = readPolicyDocument(document);
  if (!read.ok) throw new Error(read.problems.slice(0, 3).join('; '));
  const policy = policyFrom(read.file, policyVersionOf(document));
  indexOf(policy);
  return policy;
};

export const groundOf = (size: Size): Ground => {
  const content = generateOrganization(size);
  const document = JSON.stringify(generatePolicy(content, size));
  return { content, organization: offlineOrganization(content), document, policy: compile(document) };
};

export const msOf = (work: () => unknown): number => {
  const since = performance.now();
  work();
  return performance.now() - since;
};
