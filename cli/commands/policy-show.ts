/** `brevet policy show`: the policy in force, as a file that could be published. */
import { stringify } from 'yaml';
import type { PolicyView } from '../../lambda/contract/policy-check.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

const policyLines = ({ version, content }: PolicyView): readonly string[] => [
  `# In force: ${version}`,
  ...stringify(content, { lineWidth: 0 }).trimEnd().split('\n'),
];

export const showPolicy = async ({ output, connect }: Context): Promise<ExitCode> => {
  output.answer(await (await connect()).policy(), policyLines);
  return EXIT.usable;
};
