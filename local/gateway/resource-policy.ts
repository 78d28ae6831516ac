/** Evaluates the API's resource policy, the same document that the stack deploys; whatever it does not understand is an error. */
import * as z from 'zod';

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const OPERATORS = ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'ArnLike', 'ArnNotLike'] as const;
type Operator = (typeof OPERATORS)[number];
const KEYS = ['aws:PrincipalOrgID', 'aws:PrincipalArn'] as const;
type Key = (typeof KEYS)[number];

const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.literal('*'), z.strictObject({ AWS: z.literal('*') })]),
  Action: oneOrMore,
  Resource: oneOrMore,
  Condition: z.partialRecord(z.enum(OPERATORS), z.partialRecord(z.enum(KEYS), oneOrMore)).default({}),
});
type Statement = z.output<typeof statement>;

const documentSchema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.union([statement, z.array(statement)]).transform((value) => [value].flat()),
});

export interface PolicyQuestion {
  /** `<stage>/<method>/<path without its first slash>` */
  readonly resource: string;
  /** Absent for callers that proved nothing. */
  readonly context: Readonly<Partial<Record<Key, string>>>;
}

export type PolicyAnswer = 'allowed' | 'explicitly-denied' | 'not-allowed';

/** As IAM matches, but for the parts of an ARN. */
export const matches = (pattern: string, text: string): boolean => {
  const escaped = pattern.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text);
};

/** Each of the six parts of an ARN is matched on its own; the last may contain colons. */
const matchesArn = (pattern: string, arn: string): boolean => {
  const split = (text: string): string[] => {
    const parts = text.split(':');
    return [...parts.slice(0, 5), parts.slice(5).join(':')];
  };
  const parts = split(arn);
  return split(pattern).every((part, index) => matches(part, parts[index] ?? ''));
};

const TESTS: Readonly<Record<Operator, (pattern: string, value: string) => boolean>> = {
  StringEquals: (pattern, value) => pattern === value,
  StringNotEquals: (pattern, value) => pattern === value,
  StringLike: matches,
  StringNotLike: matches,
  ArnLike: matchesArn,
  ArnNotLike: matchesArn,
};

/** A key that is absent fails a plain operator and fulfils a negated one, as in IAM. */
const holds = (operator: Operator, patterns: readonly string[], value: string | undefined): boolean => {
  const isNegated = operator.includes('Not');
  if (value === undefined) return isNegated;
  return patterns.some((pattern) => TESTS[operator](pattern, value)) !== isNegated;
};

const RESOURCE = /^(?:arn:aws[a-z-]*:execute-api:[^:]*:[^:]*:[^/]*|execute-api:)\/(?<path>.*)$/;

const speaksOf = (pattern: string, resource: string): boolean => {
  const path = RESOURCE.exec(pattern)?.groups?.path;
  if (path === undefined) throw new Error(`the resource policy names a resource of another form: ${pattern}`);
  return matches(path, resource);
};

const applies = ({ Action, Resource, Condition }: Statement, { resource, context }: PolicyQuestion): boolean =>
  Action.some((action) => matches(action, 'execute-api:Invoke')) &&
  Resource.some((pattern) => speaksOf(pattern, resource)) &&
  Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys ?? {}).every(([key, patterns]) =>
      holds(operator as Operator, patterns ?? [], context[key as Key]),
    ),
  );

/** @throws Error naming what in the document is not understood. */
export const readResourcePolicy = (document: unknown): ((question: PolicyQuestion) => PolicyAnswer) => {
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success) throw new Error(`the resource policy is not understood: ${z.prettifyError(parsed.error)}`);
  const statements = parsed.data.Statement;
  return (question) => {
    const effects = new Set(statements.filter((one) => applies(one, question)).map(({ Effect }) => Effect));
    if (effects.has('Deny')) return 'explicitly-denied';
    return effects.has('Allow') ? 'allowed' : 'not-allowed';
  };
};
