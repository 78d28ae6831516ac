/** What is wrong with a policy beyond its form: names that nothing bears, and rules that can do nothing. */
import { ATTRIBUTE_NAMES, type PolicyFile } from '../../lambda/contract/policy-document.ts';
import type { ParsedPolicy, Place } from '../../lambda/contract/policy-file.ts';
import type { NamedPeople } from '../../lambda/domain/policy/policy.ts';
import { foldedCase } from '../../lambda/domain/proven-identity.ts';
import { nearest } from '../nearest.ts';
import type { OfflineOrganization } from './offline.ts';

export interface Finding {
  readonly place: Place;
  /** Such as `entitlements.0.who.groups.1`. */
  readonly path: string;
  readonly message: string;
}

type Path = readonly (string | number)[];
type Sound = Extract<ParsedPolicy, { ok: true }>;
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

class Linter {
  private readonly known: Known;
  private readonly tell: Tell;
  constructor(known: Known, tell: Tell) {
    this.known = known;
    this.tell = tell;
  }

  private names(path: Path, kind: string, typed: readonly string[], known: readonly string[], effect: string): void {
    for (const [index, name] of typed.entries()) {
      if (known.includes(name)) continue;
      this.tell([...path, index], `there is no ${kind} "${name}", ${effect}${meant(name, known)}`);
    }
  }

  private values(path: Path, kind: string, typed: Values, known: ReadonlyMap<string, readonly string[]>): void {
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

  private who(path: Path, { groups, users, attributes }: Entitlement['who'], effect: string): void {
    const { known } = this;
    this.names([...path, 'groups'], 'group', groups, known.groups, effect);
    const folded = new Set(known.users.map(foldedCase));
    for (const [index, user] of users.entries()) {
      if (folded.has(foldedCase(user))) continue;
      this.tell([...path, 'users', index], `there is no user "${user}", ${NOBODY}${meant(user, known.users)}`);
    }
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
    const groups = rule.approval === undefined || rule.approval === 'none' ? [] : rule.approval.groups;
    this.names([...path, 'approval', 'groups'], 'group', groups, this.known.groups, 'so nobody approves by it');
    if (rule.break_glass) this.breakGlass([...path, 'break_glass'], rule.break_glass);
  }

  private breakGlass(path: Path, { tell, review }: NonNullable<Entitlement['break_glass']>): void {
    this.people([...path, 'tell'], tell, 'so nobody of it is told');
    if (review.by) this.people([...path, 'review', 'by'], review.by, 'so nobody of it reviews');
  }

  private people(path: Path, { groups, users }: NamedPeople, effect: string): void {
    this.names([...path, 'groups'], 'group', groups, this.known.groups, effect);
    const known = new Set(this.known.users.map(foldedCase));
    for (const [index, user] of users.entries()) {
      if (known.has(foldedCase(user))) continue;
      this.tell([...path, 'users', index], `there is no user "${user}", ${effect}${meant(user, this.known.users)}`);
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

const enabledMembers = (organization: OfflineOrganization, groups: readonly string[]): number => {
  const enabled = new Set(organization.people.filter((person) => person.enabled).map(({ id }) => id));
  const members = organization.content.groups
    .filter(({ name }) => groups.includes(name))
    .flatMap(({ memberIds }) => memberIds);
  return new Set(members.filter((id) => enabled.has(id))).size;
};

/** A rule that needs more approvals than it has approvers lets nobody through. */
const lintApprovers = ({ file }: Sound, organization: OfflineOrganization, tell: Tell): void => {
  for (const [index, { approval }] of file.entitlements.entries()) {
    if (approval === undefined || approval === 'none') continue;
    const available = enabledMembers(organization, approval.groups);
    if (available >= approval.required) continue;
    tell(
      ['entitlements', index, 'approval'],
      `it needs ${approval.required} approval(s), and its groups have ${available} enabled member(s)`,
    );
  }
};

/** Enabled people whom a rule names by group or by user name. */
const enabledAmong = (organization: OfflineOrganization, { groups, users }: NamedPeople): ReadonlySet<string> => {
  const byName = users.flatMap((name) => organization.personNamed(name) ?? []);
  const members = organization.people.filter(({ id }) => groups.some((name) => organization.groupsOf(id).has(name)));
  return new Set([...byName, ...members].filter(({ enabled }) => enabled).map(({ id }) => id));
};

/** Whoever breaks the glass reviews nothing of it, so that a single reviewer among them is too few. */
const lintBreakGlass = ({ file }: Sound, organization: OfflineOrganization, tell: Tell): void => {
  for (const [index, { who, break_glass: glass }] of file.entitlements.entries()) {
    if (!glass) continue;
    const path = ['entitlements', index, 'break_glass'];
    if (enabledAmong(organization, glass.tell).size === 0)
      tell([...path, 'tell'], 'nobody whom it names is an enabled user, so nobody is told');
    const reviewers = enabledAmong(organization, glass.review.by ?? glass.tell);
    const [only, another] = reviewers;
    if (only === undefined) tell([...path, 'review'], 'nobody who could review it is an enabled user');
    else if (another === undefined && enabledAmong(organization, who).has(only))
      tell(
        [...path, 'review'],
        'the only one who could review it may break the glass too, and reviews nothing of their own',
      );
  }
};

/** Keys of a policy, for those that are misspelled. */
const KEYS = [
  ...['version', 'entitlements', 'guardrails', 'name', 'who', 'what', 'match', 'max_duration', 'approval', 'require'],
  ...['groups', 'users', 'attributes', 'accounts', 'permission_sets', 'ids', 'names', 'organizational_units', 'tags'],
  ...['except', 'required', 'justification_length', 'ticket_pattern', 'hours', 'days', 'from', 'until', 'time_zone'],
  ...['person', 'account_tag', 'forbid', 'freeze', 'floor', 'not_together', 'max_open', 'reason', 'cron', 'duration'],
  ...[
    'min_approvals',
    'approvers_from',
    'break_glass',
    'tell',
    'incident_pattern',
    'review',
    'within',
    'by',
    'max_uses',
  ],
  ...ATTRIBUTE_NAMES,
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
  for (const [index, rule] of parsed.file.entitlements.entries()) linter.entitlement(['entitlements', index], rule);
  lintApprovers(parsed, organization, tell);
  lintBreakGlass(parsed, organization, tell);
  for (const [index, rule] of parsed.file.guardrails.entries()) linter.guardrail(['guardrails', index], rule);
  return findings;
};
