/** What is wrong with a policy beyond its form: names that nothing bears, and rules that can do nothing. */
import type { PolicyFile } from '../../lambda/contract/policy-document.ts';
import type { ParsedPolicy, Place } from '../../lambda/contract/policy-file.ts';
import { ATTRIBUTE_NAMES } from '../../lambda/contract/policy-people.ts';
import { foldedCase } from '../../lambda/domain/proven-identity.ts';
import { nearest } from '../nearest.ts';
import { lintApproval } from './lint-approval.ts';
import { lintDelegations } from './lint-delegations.ts';
import type { OfflineOrganization } from './offline.ts';

export interface Finding {
  readonly place: Place;
  /** Such as `entitlements.0.who.groups.1`. */
  readonly path: string;
  readonly message: string;
}

export type Path = readonly (string | number)[];
type Tell = (path: Path, message: string) => void;

/** What the organization has, by kind of name. */
interface Known {
  readonly groups: readonly string[];
  readonly users: readonly string[];
  readonly accountIds: readonly string[];
  readonly accountNames: readonly string[];
  readonly units: readonly string[];
  readonly permissionSets: readonly string[];
  readonly accountTags: ReadonlyMap<string, readonly string[]>;
  readonly permissionSetTags: ReadonlyMap<string, readonly string[]>;
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

type Facts = Readonly<Record<string, string | undefined>>;

const valuesByKey = (all: readonly Facts[]): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, Set<string>>();
  for (const facts of all) {
    for (const [key, value] of Object.entries(facts)) {
      if (value !== undefined) found.set(key, (found.get(key) ?? new Set()).add(value));
    }
  }
  return new Map([...found].map(([key, values]) => [key, [...values]]));
};

const knownIn = ({ content }: OfflineOrganization): Known => ({
  groups: content.groups.map(({ name }) => name),
  users: content.people.map(({ userName }) => userName),
  accountIds: content.accounts.map(({ id }) => id),
  accountNames: content.accounts.map(({ name }) => name),
  units: ['/', ...content.organizationalUnits],
  permissionSets: content.permissionSets.map(({ name }) => name),
  accountTags: valuesByKey(content.accounts.map(({ tags }) => tags)),
  permissionSetTags: valuesByKey(content.permissionSets.map(({ tags }) => tags)),
  attributes: valuesByKey(content.people.map(({ attributes }) => attributes)),
});

const meant = (typed: string, names: readonly string[]): string => {
  const [name] = nearest(typed, names);
  return name === undefined ? '' : `; did you mean "${name}"?`;
};

type Entitlement = PolicyFile['entitlements'][number];
type Guardrail = PolicyFile['guardrails'][number];
type Accounts = Entitlement['what']['accounts'];
type PermissionSets = Entitlement['what']['permission_sets'];
type Values = Readonly<Record<string, readonly string[] | undefined>>;

/** What follows from a name that nothing bears. */
const NOBODY = 'so this part is nobody';
const GRANTS_NOTHING = 'so the rule grants nothing';
const EVERYWHERE = 'so the guardrail holds for everybody, or everywhere';
const HOLDS_FOR_NOTHING = 'so this part of the guardrail holds for nothing';

export class Linter {
  readonly known: Known;
  readonly tell: Tell;
  constructor(known: Known, tell: Tell) {
    this.known = known;
    this.tell = tell;
  }

  names(path: Path, kind: string, typed: readonly string[], known: readonly string[], effect: string): void {
    for (const [index, name] of typed.entries()) {
      if (known.includes(name)) continue;
      this.tell([...path, index], `there is no ${kind} "${name}", ${effect}${meant(name, known)}`);
    }
  }

  values(path: Path, kind: string, typed: Values, known: ReadonlyMap<string, readonly string[]>): void {
    for (const [key, values = []] of Object.entries(typed)) {
      const all = known.get(key);
      if (!all) {
        this.tell([...path, key], `nothing has the ${kind} "${key}"${meant(key, [...known.keys()])}`);
        continue;
      }
      const unknown = values.filter((value) => !all.includes(value));
      for (const value of unknown) {
        this.tell([...path, key], `nothing has the ${kind} "${key}" with "${value}"${meant(value, all)}`);
      }
    }
  }

  /** Whatever the case of A to Z. */
  users(path: Path, typed: readonly string[], effect: string): void {
    const known = new Set(this.known.users.map(foldedCase));
    for (const [index, user] of typed.entries()) {
      if (known.has(foldedCase(user))) continue;
      this.tell([...path, index], `there is no user "${user}", ${effect}${meant(user, this.known.users)}`);
    }
  }

  meant(typed: string, names: Iterable<string>): string {
    return meant(typed, [...names]);
  }

  private who(path: Path, { groups, users, attributes }: Entitlement['who'], effect: string): void {
    const { known } = this;
    this.names([...path, 'groups'], 'group', groups, known.groups, effect);
    this.users([...path, 'users'], users, NOBODY);
    this.values([...path, 'attributes'], 'attribute', attributes, known.attributes);
  }

  private accounts(path: Path, accounts: Accounts, effect: string): void {
    const { known } = this;
    const ofAccounts = effect === EVERYWHERE ? HOLDS_FOR_NOTHING : effect;
    this.names([...path, 'ids'], 'account', accounts.ids, known.accountIds, ofAccounts);
    this.names([...path, 'names'], 'account', accounts.names, known.accountNames, ofAccounts);
    this.names([...path, 'organizational_units'], 'OU', accounts.organizational_units, known.units, effect);
    this.values([...path, 'tags'], 'account tag', accounts.tags, known.accountTags);
    const { except } = accounts;
    if (!except) return;
    this.names([...path, 'except', 'ids'], 'account', except.ids, known.accountIds, 'so it leaves out nothing');
    const units = except.organizational_units;
    this.names([...path, 'except', 'organizational_units'], 'OU', units, known.units, effect);
    this.values([...path, 'except', 'tags'], 'account tag', except.tags, known.accountTags);
  }

  private permissionSets(path: Path, { names, tags }: PermissionSets, effect: string): void {
    const { known } = this;
    this.names(path, 'permission set', names, known.permissionSets, effect);
    this.values([...path, 'tags'], 'permission set tag', tags, known.permissionSetTags);
  }

  entitlement(path: Path, rule: Entitlement): void {
    this.who([...path, 'who'], rule.who, GRANTS_NOTHING);
    this.accounts([...path, 'what', 'accounts'], rule.what.accounts, GRANTS_NOTHING);
    this.permissionSets([...path, 'what', 'permission_sets'], rule.what.permission_sets, GRANTS_NOTHING);
    const { accountTags } = this.known;
    for (const [index, { account_tag }] of rule.match.entries()) {
      if (accountTags.has(account_tag)) continue;
      this.tell(
        [...path, 'match', index],
        `no account has the tag "${account_tag}"${meant(account_tag, [...accountTags.keys()])}`,
      );
    }
  }

  guardrail(path: Path, rule: Guardrail): void {
    if (rule.who) this.who([...path, 'who'], rule.who, EVERYWHERE);
    const targets: readonly (readonly [Path, NonNullable<Guardrail['what']>])[] = [
      ...(rule.what ? [[[...path, 'what'], rule.what] as const] : []),
      ...(rule.not_together ?? []).map((one, index) => [[...path, 'not_together', index], one] as const),
    ];
    for (const [place, target] of targets) {
      if (target.accounts) this.accounts([...place, 'accounts'], target.accounts, EVERYWHERE);
      if (target.permission_sets)
        this.permissionSets([...place, 'permission_sets'], target.permission_sets, HOLDS_FOR_NOTHING);
    }
    const from = rule.floor?.approvers_from ?? [];
    this.names([...path, 'floor', 'approvers_from'], 'group', from, this.known.groups, 'so nobody of it approves');
  }
}

/** Keys of a policy, for those that are misspelled. */
const KEYS = [
  ...['version', 'entitlements', 'guardrails', 'name', 'who', 'what', 'match', 'max_duration', 'approval', 'require'],
  ...['groups', 'users', 'attributes', 'accounts', 'permission_sets', 'ids', 'names', 'organizational_units', 'tags'],
  ...['except', 'required', 'justification_length', 'ticket_pattern', 'hours', 'days', 'from', 'until', 'time_zone'],
  ...['person', 'account_tag', 'forbid', 'freeze', 'floor', 'not_together', 'max_open', 'reason', 'cron', 'duration'],
  ...['min_approvals', 'approvers_from', 'stages', 'approvers', 'remind_after', 'escalate_after', 'escalate_to'],
  ...['on_call', 'delegation', 'delegations', 'file', 'writers', ...ATTRIBUTE_NAMES],
];

const formFindings = (parsed: Extract<ParsedPolicy, { ok: false }>): readonly Finding[] =>
  parsed.placed.map((finding) => {
    const key = finding.path.split('.').at(-1) ?? '';
    return finding.message.startsWith('there is no')
      ? { ...finding, message: `${finding.message}${meant(key, KEYS)}` }
      : finding;
  });

/** In the order of the files. Without an organization, only the form is looked at. */
export const lint = (parsed: ParsedPolicy, organization: OfflineOrganization | undefined): readonly Finding[] => {
  if (!parsed.ok) return formFindings(parsed);
  if (!organization) return [];
  const findings: Finding[] = [];
  const tell: Tell = (path, message) =>
    void findings.push({ place: parsed.placeOf(path), path: path.join('.'), message });
  const linter = new Linter(knownIn(organization), tell);
  for (const [index, rule] of parsed.file.entitlements.entries()) {
    linter.entitlement(['entitlements', index], rule);
    lintApproval(linter, ['entitlements', index, 'approval'], rule.approval, organization);
  }
  for (const [index, rule] of parsed.file.guardrails.entries()) linter.guardrail(['guardrails', index], rule);
  for (const { path, message } of lintDelegations(parsed.file, organization)) tell(path, message);
  return findings;
};
