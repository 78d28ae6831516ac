/** Run in a process of its own: how much memory the organization, the compiled policy and catalogues take, above idle. */
import { readFileSync } from 'node:fs';
import { offlineOrganization, requesterIn } from '../../cli/policy/offline.ts';
import { policyFrom } from '../../lambda/adapters/policy-from-file.ts';
import { organizationExport } from '../../lambda/contract/organization-export.ts';
import { policyVersionOf, readPolicyDocument } from '../../lambda/contract/policy-document.ts';
import { catalogFor } from '../../lambda/domain/policy/catalog.ts';
import { indexOf } from '../../lambda/domain/policy/rule-index.ts';

const [organizationPath = '', policyPath = ''] = process.argv.slice(2);
const idle = process.memoryUsage().rss;

const organization = offlineOrganization(organizationExport.parse(JSON.parse(readFileSync(organizationPath, 'utf8'))));
const document = readFileSync(policyPath, 'utf8');
const since = performance.now();
const read = readPolicyDocument(document);
if (!read.ok) throw new Error(read.problems.join('; '));
const policy = policyFrom(read.file, policyVersionOf(document));
indexOf(policy);
const compileMs = performance.now() - since;
const seen = requesterIn(organization, policy);
let entries = 0;
for (const person of organization.people.slice(0, 200)) {
  entries += catalogFor(policy, seen(person), organization.accounts, organization.permissionSets).length;
}
console.log(JSON.stringify({ idle, rss: process.memoryUsage().rss, entries, compileMs }));
