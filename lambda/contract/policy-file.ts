/** The policy as people write it: a YAML file, turned into the document that is stored. */
import { parse } from 'yaml';
import { checkPolicy, type PolicyFile, policyVersionOf } from './policy-document.ts';

export type ParsedPolicy =
  | {
      readonly ok: true;
      readonly file: PolicyFile;
      /** What is stored: the content as JSON, so that nothing that runs needs a YAML parser. */
      readonly document: string;
      readonly version: string;
    }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads and checks a policy text; every problem names its place in the file. */
export const parsePolicyFile = (text: string): ParsedPolicy => {
  let content: unknown;
  try {
    content = parse(text, { maxAliasCount: 50 });
  } catch (error) {
    return { ok: false, problems: [error instanceof Error ? error.message : String(error)] };
  }
  const checked = checkPolicy(content);
  if (!checked.ok) return checked;
  const document = JSON.stringify(content);
  return { ok: true, file: checked.file, document, version: policyVersionOf(document) };
};
