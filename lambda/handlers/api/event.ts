/** What is in an event of API Gateway, read without believing that it is all there, or there only once. */
import type { APIGatewayProxyEvent } from 'aws-lambda';

type OneValue = Readonly<Record<string, string | undefined>> | null | undefined;
type ManyValues = Readonly<Record<string, readonly string[] | undefined>> | null | undefined;

/** API Gateway says everything twice: the last value of each name, and all of them. Somebody may send only one of the two. */
const pairs = (one: OneValue, many: ManyValues): (readonly [string, string])[] => [
  ...Object.entries(many ?? {}).flatMap(([name, values]) => (values ?? []).map((value) => [name, value] as const)),
  ...Object.entries(one ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
];

/** The different values of a header, whatever the case of its name. NB. More than one may mean that two readers differ. */
export const headerValues = (event: APIGatewayProxyEvent, wanted: string): readonly string[] => {
  const name = wanted.toLowerCase();
  const found = pairs(event.headers, event.multiValueHeaders).filter(([given]) => given.toLowerCase() === name);
  return [...new Set(found.map(([, value]) => value))];
};

export type Query = { readonly parameters: unknown } | { readonly repeated: string };

export const queryOf = (event: APIGatewayProxyEvent): Query => {
  const many = event.multiValueQueryStringParameters;
  const repeated = Object.entries(many ?? {}).find(([, values]) => (values ?? []).length > 1)?.[0];
  if (repeated !== undefined) return { repeated };
  const given = pairs(event.queryStringParameters, many);
  const differing = given.find(([name, value]) => given.some(([other, held]) => other === name && held !== value))?.[0];
  return differing === undefined ? { parameters: Object.fromEntries(given) } : { repeated: differing };
};
