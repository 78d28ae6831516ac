/** The state machine as it is synthesized for AWS, kept between starts because loading the CDK takes seconds. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Limits } from '../lambda/contract/limits.ts';

export interface WorkflowDefinitionOptions {
  readonly limits: Pick<Limits, 'pendingExpirySeconds' | 'timeToGrantSeconds'>;
  readonly workflowFunctionArn: string;
}

const root = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Everything that the text depends on; the CDK by its package file, which names its version. */
const sources = async (): Promise<readonly string[]> => {
  const stages = (await readdir(root('lib/workflow'))).sort().map((name) => root(`lib/workflow/${name}`));
  const cdk = createRequire(import.meta.url).resolve('aws-cdk-lib/package.json');
  return [...stages, root('lambda/contract/workflow.ts'), cdk];
};

const fingerprint = async (options: WorkflowDefinitionOptions): Promise<string> => {
  const hash = createHash('sha256').update(JSON.stringify(options));
  for (const path of await sources()) hash.update(await readFile(path));
  return hash.digest('hex').slice(0, 16);
};

/** Written aside and renamed, so that a start that is killed half-way leaves no half of a file. */
const keep = async (folder: string, path: string, text: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  await writeFile(`${path}.${process.pid}`, text);
  await rename(`${path}.${process.pid}`, path);
};

/** @returns ASL as JSON text. */
export const workflowDefinition = async (
  options: WorkflowDefinitionOptions,
  folder = root('dist/local'),
): Promise<string> => {
  const { limits, workflowFunctionArn } = options;
  const { pendingExpirySeconds, timeToGrantSeconds } = limits;
  const asked = { limits: { pendingExpirySeconds, timeToGrantSeconds }, workflowFunctionArn };
  const path = join(folder, `workflow-${await fingerprint(asked)}.json`);
  const kept = await readFile(path, 'utf8').catch(() => undefined);
  if (kept !== undefined) return kept;
  const { synthesizeWorkflow } = await import('../lib/workflow/definition.ts');
  const text = synthesizeWorkflow(asked);
  await keep(folder, path, text);
  return text;
};
