/** Who may decide a stage of approval, by ids: as the trail says it of then, and as a policy says it now. */
import { canonicalJson } from '../audit-event.ts';

interface Tests {
  readonly attribute: string;
  readonly values: readonly string[];
}

export interface AskedStage {
  readonly required: number;
  readonly groups: readonly string[];
  readonly users: readonly string[];
  /** The people of groups and users must have all of these, too. */
  readonly attributes?: readonly Tests[];
  /** Everybody who has these. */
  readonly everybodyWith?: readonly Tests[];
  /** Everybody belongs to one group of every list here, too. */
  readonly among?: readonly (readonly string[])[];
  readonly escalation?: { readonly groups: readonly string[]; readonly users: readonly string[] };
}

type Content = Readonly<Record<string, unknown>>;

const contentOf = (text: string): Content => {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === 'object' && content !== null ? (content as Content) : {};
  } catch {
    return {};
  }
};

const isListOf =
  (isOne: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every(isOne);
const isText = (value: unknown): boolean => typeof value === 'string';
const isNames = isListOf(isText);
const isContent = (value: unknown): value is Content => typeof value === 'object' && value !== null;
const isTests = isListOf((value) => isContent(value) && isText(value.attribute) && isNames(value.values));
const isNamed = (value: unknown): boolean => isContent(value) && isNames(value.groups) && isNames(value.users);

const isAbsentOr = (isOne: (value: unknown) => boolean, value: unknown): boolean => value === undefined || isOne(value);

/** Undefined where the text says no such thing: events are read of whatever origin and age. */
export const askedStageIn = (text: string): AskedStage | undefined => {
  const content = contentOf(text);
  const { required, attributes, everybodyWith, among, escalation } = content;
  const isStage =
    Number.isInteger(required) &&
    isNamed(content) &&
    [attributes, everybodyWith].every((tests) => isAbsentOr(isTests, tests)) &&
    isAbsentOr(isListOf(isNames), among) &&
    isAbsentOr(isNamed, escalation);
  return isStage ? (content as unknown as AskedStage) : undefined;
};

const inOrder = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();

const testsInOrder = (tests: readonly Tests[] = []): readonly string[] =>
  inOrder(tests.map(({ attribute, values }) => canonicalJson([attribute, inOrder(values)])));

/** Whoever must be in each of several lists need not be told of a list that has all of another. */
const listsInOrder = (lists: readonly (readonly string[])[]): readonly (readonly string[])[] => {
  const distinct = [...new Map(lists.map((list) => [canonicalJson(inOrder(list)), inOrder(list)])).values()];
  const isNeeded = (list: readonly string[]): boolean =>
    !distinct.some((other) => other !== list && other.every((one) => list.includes(one)));
  return distinct.filter(isNeeded).sort((one, other) => (one.join() < other.join() ? -1 : 1));
};

/** The same for stages that the same people decide, in whichever words: where groups alone are asked, they are a list like others. */
export const askedKey = (stage: AskedStage): string => {
  const { required, groups, users, everybodyWith, among = [], escalation } = stage;
  const attributes = testsInOrder(stage.attributes);
  if (users.length === 0 && !everybodyWith && !escalation) {
    return canonicalJson({ required, attributes, all: listsInOrder([groups, ...among]) });
  }
  return canonicalJson({
    ...{ required, groups: inOrder(groups), users: inOrder(users), attributes, among: listsInOrder(among) },
    everybodyWith: everybodyWith && testsInOrder(everybodyWith),
    escalation: escalation && { groups: inOrder(escalation.groups), users: inOrder(escalation.users) },
  });
};
