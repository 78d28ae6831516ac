/** The same rules in Cedar, as far as both can say them: whether a person may ask for a target for so long at all. */
import { type EntityJson, preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import type { JudgedAsk } from '../../lambda/domain/policy/ask.ts';
import type {
  AccountSelector,
  Entitlement,
  Guardrail,
  PermissionSetSelector,
  Policy,
  TagTest,
  Who,
} from '../../lambda/domain/policy/policy.ts';

const text = (value: string): string => JSON.stringify(value);
const oneOf = (values: readonly string[], expression: string): string =>
  `[${values.map(text).join(', ')}].contains(${expression})`;
const any = (parts: readonly string[]): string => (parts.length === 0 ? 'false' : `(${parts.join(' || ')})`);
const all = (parts: readonly string[]): string => (parts.length === 0 ? 'true' : `(${parts.join(' && ')})`);

const tagText = (owner: string, { key, values }: TagTest): string =>
  `(${owner} has ${text(key)} && ${oneOf(values, `${owner}[${text(key)}]`)})`;

const whoText = ({ groups, users, attributes }: Who): string => {
  const listed = [
    ...groups.map((group) => `principal in Group::${text(group)}`),
    ...users.map((user) => `principal.userName == ${text(user)}`),
  ];
  const told = attributes.map(({ attribute, values }) => tagText('principal', { key: attribute, values }));
  return all([...(listed.length === 0 && told.length > 0 ? [] : [any(listed)]), ...told]);
};

const accountsText = ({ ids, names, organizationalUnits, tags, except }: AccountSelector): string => {
  const places = [
    ...ids.map((id) => `resource.id == ${text(id)}`),
    ...names.map((name) => `resource.name == ${text(name)}`),
    ...organizationalUnits.map((unit) => `resource in Unit::${text(unit)}`),
  ];
  const left = except && [
    ...except.ids.map((id) => `resource.id == ${text(id)}`),
    ...except.organizationalUnits.map((unit) => `resource in Unit::${text(unit)}`),
    ...except.tags.map((test) => tagText('resource.tags', test)),
  ];
  return all([
    ...(places.length === 0 && tags.length > 0 ? [] : [any(places)]),
    ...tags.map((test) => tagText('resource.tags', test)),
    ...(left ? [`!${any(left)}`] : []),
  ]);
};

const setsText = ({ names, tags }: PermissionSetSelector): string =>
  all([
    ...(names.length > 0 ? [oneOf(names, 'context.permissionSet')] : []),
    ...tags.map((test) => tagText('context.setTags', test)),
  ]);

const entitlementText = ({ who, what, match, maxDurationSeconds, require }: Entitlement): string => {
  const matches = match.map(
    ({ attribute, tag }) =>
      `(principal has ${text(attribute)} && resource.tags has ${text(tag)} && principal[${text(attribute)}] == resource.tags[${text(tag)}])`,
  );
  const parts = [
    whoText(who),
    accountsText(what.accounts),
    setsText(what.permissionSets),
    ...matches,
    `context.duration <= ${maxDurationSeconds}`,
    `context.words >= ${require.justificationLength}`,
  ];
  return `permit (principal, action, resource) when { ${all(parts)} };`;
};

/** Only what forbids by itself; freezes, combinations and open requests have no words in Cedar, and do not occur in the cases. */
const guardrailText = ({ who, accounts, permissionSets, effect }: Guardrail): readonly string[] => {
  const longest = effect.kind === 'floor' ? effect.maxDurationSeconds : undefined;
  if (effect.kind !== 'forbid' && longest === undefined) return [];
  const parts = [
    ...(who ? [whoText(who)] : []),
    ...(accounts ? [accountsText(accounts)] : []),
    ...(permissionSets ? [setsText(permissionSets)] : []),
    ...(longest === undefined ? [] : [`context.duration > ${longest}`]),
  ];
  return [`forbid (principal, action, resource) when { ${all(parts)} };`];
};

export const cedarText = (policy: Policy): string =>
  [
    ...policy.entitlements.map(entitlementText),
    ...policy.guardrails.flatMap(guardrailText),
    'forbid (principal, action, resource) when { !resource.active };',
  ].join('\n');

const ID = 'bench';

/** @throws Error when Cedar cannot read it. */
export const loadCedar = (policy: Policy): void => {
  const answer = preparsePolicySet(ID, { staticPolicies: cedarText(policy) });
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '));
};

const unitsAbove = (ouPath: string): readonly string[] => {
  const names = ouPath.split('/');
  return ['/', ...names.map((_, index) => names.slice(0, index + 1).join('/'))];
};

/** What Cedar is given of a case; made beforehand, as facts are for ours. */
export const cedarCall = ({ requester, account, permissionSet, durationSeconds, justification }: JudgedAsk) => {
  const principal = { type: 'User', id: requester.person.id };
  const resource = { type: 'Account', id: account.id };
  const { attributes = {}, userName } = requester.person;
  const entities: EntityJson[] = [
    {
      uid: principal,
      attrs: { userName, ...attributes },
      parents: [...requester.groups].map((id) => ({ type: 'Group', id })),
    },
    {
      uid: resource,
      attrs: {
        id: account.id,
        name: account.name,
        active: account.active && account.forbidden === undefined,
        tags: { ...account.tags },
      },
      parents: unitsAbove(account.ouPath).map((id) => ({ type: 'Unit', id })),
    },
  ];
  const context = {
    permissionSet: permissionSet.name,
    setTags: { ...permissionSet.tags },
    duration: durationSeconds,
    words: justification.trim().length,
  };
  return { principal, action: { type: 'Action', id: 'ask' }, resource, context, entities, preparsedPolicySetId: ID };
};

/** @throws Error when a rule could not be evaluated: equal verdicts would mean nothing. */
export const cedarAllows = (call: ReturnType<typeof cedarCall>): boolean => {
  const answer = statefulIsAuthorized(call);
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '));
  const [error] = answer.response.diagnostics.errors;
  if (error) throw new Error(JSON.stringify(error));
  return answer.response.decision === 'allow';
};
