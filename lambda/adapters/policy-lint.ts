/** What is wrong with a policy beyond its form: names that nothing bears, and rules that can do nothing. */
import { nearest } from '../contract/nearest.ts';
import type { PolicyFile, PolicyProblem } from '../contract/policy-document.ts';
import { slowPatternsOf } from '../contract/policy-patterns.ts';
import { ATTRIBUTE_NAMES } from '../contract/policy-people.ts';
import type { KnownNames, ValuesByKey } from '../domain/policy/known-names.ts';
import { lintApproval } from './policy-lint-approval.ts';
import { lintBreakGlass } from './policy-lint-break-glass.ts';
import { lintDelegations } from './policy-lint-delegations.ts';
import { type Deciders, floorsOn, rememberedDeciders } from './policy-lint-staff.ts';

export type Path = readonly (string | number)[];
/** The text is made only where it is told. */
type Tell = (path: readonly PropertyKey[], message: () => string) => void;

const meant = (typed: string, names: readonly string[]): string => {
  const [name] = nearest(typed, names);
  return name === undefined ? '' : `; did you mean "${name}"?`;
};

type Entitlement = PolicyFile['entitlements'][number];
type Guardrail = PolicyFile['guardrails'][number];
type Accounts = Entitlement['what']['accounts'];
type PermissionSets = Entitlement['what']['permission_sets'];
type Listed = readonly string[] | undefined;
/** Names that are compared with misspelled ones of users in one lint. */
const MOST_COMPARED = 1_000_000;
type Values = Readonly<Record<string, readonly string[] | undefined>>;

/** What follows from a name that nothing bears. */
const NOBODY = 'so this part is nobody';
const GRANTS_NOTHING = 'so the rule grants nothing';
const EVERYWHERE = 'so the guardrail holds for everybody, or everywhere';
const HOLDS_FOR_NOTHING = 'so this part of the guardrail holds for nothing';

export class Linter {
  readonly known: KnownNames;
  readonly tell: Tell;
  readonly permissionSetNames: Listed;
  /** Where it is known who there is. */
  readonly decidersIn: Deciders | undefined;
  private readonly accountIds: Listed;
  private readonly accountNames: Listed;
  private compared = 0;
  private readonly sets = new Map<readonly string[], ReadonlySet<string>>();
  constructor(known: KnownNames, tell: Tell) {
    this.known = known;
    this.tell = tell;
    this.decidersIn = known.staff && rememberedDeciders(known.staff);
    this.permissionSetNames = known.permissionSets?.map(({ name }) => name);
    this.accountIds = known.accounts?.map(({ id }) => id);
    this.accountNames = known.accounts?.map(({ name }) => name);
  }

  private setOf(known: readonly string[]): ReadonlySet<string> {
    const set = this.sets.get(known) ?? new Set(known);
    this.sets.set(known, set);
    return set;
  }

  names(path: Path, kind: string, typed: readonly string[], known: Listed, effect: string): void {
    if (!known) return;
    for (const [index, name] of typed.entries()) {
      if (this.setOf(known).has(name)) continue;
      this.tell([...path, index], () => `there is no ${kind} "${name}", ${effect}${meant(name, known)}`);
    }
  }

  values(path: Path, kind: string, typed: Values, known: ValuesByKey | undefined) {
    if (!known) return;
    for (const [key, values = []] of Object.entries(typed)) {
      const all = known.get(key);
      if (!all) {
        this.tell([...path, key], () => `nothing has the ${kind} "${key}"${meant(key, [...known.keys()])}`);
        continue;
      }
      const unknown = values.filter((value) => !this.setOf(all).has(value));
      for (const value of unknown) {
        this.tell([...path, key], () => `nothing has the ${kind} "${key}" with "${value}"${meant(value, all)}`);
      }
    }
  }

  users(path: Path, typed: readonly string[], effect: string): void {
    const { users = [] } = this.known;
    for (const [index, user] of typed.entries()) {
      const bearers = this.known.bearersOf?.(user);
      if (bearers === 'none')
        this.tell([...path, index], () => `there is no user "${user}", ${effect}${this.userMeant(user, users)}`);
      if (bearers === 'several')
        this.tell([...path, index], () => `several users have the user name "${user}", ${effect}`);
    }
  }

  /** For as many as are compared in a second or so: among very many people, the first misspelled names are enough to see what is wrong. */
  private userMeant(typed: string, users: readonly string[]): string {
    this.compared += users.length;
    return this.compared > MOST_COMPARED ? '' : meant(typed, users);
  }

  meant(typed: string, names: Iterable<string>): string {
    return meant(typed, [...names]);
  }

  private who(path: Path, { groups, attributes }: NonNullable<Guardrail['who']>, effect: string): void {
    const { known } = this;
    this.names([...path, 'groups'], 'group', groups, known.groups, effect);
    this.values([...path, 'attributes'], 'attribute', attributes, known.attributes);
  }

  private accounts(path: Path, accounts: Accounts, effect: string): void {
    const { known } = this;
    const ofAccounts = effect === EVERYWHERE ? HOLDS_FOR_NOTHING : effect;
    this.names([...path, 'ids'], 'account', accounts.ids, this.accountIds, ofAccounts);
    this.names([...path, 'names'], 'account', accounts.names, this.accountNames, ofAccounts);
    this.names([...path, 'organizational_units'], 'OU', accounts.organizational_units, known.units, effect);
    this.values([...path, 'tags'], 'account tag', accounts.tags, known.accountTags);
    const { except } = accounts;
    if (!except) return;
    this.names([...path, 'except', 'ids'], 'account', except.ids, this.accountIds, 'so it leaves out nothing');
    const units = except.organizational_units;
    this.names([...path, 'except', 'organizational_units'], 'OU', units, known.units, effect);
    this.values([...path, 'except', 'tags'], 'account tag', except.tags, known.accountTags);
  }

  private permissionSets(path: Path, { names, tags }: PermissionSets, effect: string): void {
    const { known } = this;
    this.names(path, 'permission set', names, this.permissionSetNames, effect);
    this.values([...path, 'tags'], 'permission set tag', tags, known.permissionSetTags);
  }

  private matches(path: Path, matches: Entitlement['match']): void {
    const { accountTags } = this.known;
    if (!accountTags) return;
    for (const [index, { account_tag }] of matches.entries()) {
      if (accountTags.has(account_tag)) continue;
      this.tell([...path, index], () => {
        return `no account has the tag "${account_tag}"${meant(account_tag, [...accountTags.keys()])}`;
      });
    }
  }

  entitlement(path: Path, rule: Entitlement): void {
    this.who([...path, 'who'], rule.who, GRANTS_NOTHING);
    this.users([...path, 'who', 'users'], rule.who.users, NOBODY);
    this.accounts([...path, 'what', 'accounts'], rule.what.accounts, GRANTS_NOTHING);
    this.permissionSets([...path, 'what', 'permission_sets'], rule.what.permission_sets, GRANTS_NOTHING);
    this.matches([...path, 'match'], rule.match);
    for (const { path: at, message } of slowPatternsOf(path, rule)) this.tell(at, () => message);
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
  ...['break_glass', 'tell', 'incident_pattern', 'review', 'within', 'by', 'max_uses'],
  ...['on_call', 'delegation', 'delegations', 'file', 'writers', ...ATTRIBUTE_NAMES],
];

/** A key that belongs elsewhere was not meant here. */
const otherKeys = (key: string): readonly string[] => KEYS.filter((one) => one !== key);

/** What does not fit, with what was meant where a key is misspelled. */
export const withMeant = <Problem extends { readonly message: string }>(problem: Problem, key: string): Problem =>
  problem.message.startsWith('there is no')
    ? { ...problem, message: `${problem.message}${meant(key, otherKeys(key))}` }
    : problem;

export interface Linted {
  readonly findings: readonly PolicyProblem[];
  /** Found too, and not told. */
  readonly leftOut: number;
}

/** In the order of the rules, delegations last. @param most findings that are told */
export const lintRules = (file: PolicyFile, known: KnownNames, most = Number.POSITIVE_INFINITY): Linted => {
  const findings: PolicyProblem[] = [];
  let leftOut = 0;
  const tell: Tell = (path, message) => {
    if (findings.length < most) findings.push({ path, message: message() });
    else leftOut += 1;
  };
  const linter = new Linter(known, tell);
  const floorsFor = floorsOn(file);
  for (const [index, rule] of file.entitlements.entries()) {
    linter.entitlement(['entitlements', index], rule);
    lintApproval(linter, ['entitlements', index], rule, floorsFor(rule));
    lintBreakGlass(linter, ['entitlements', index], rule);
  }
  for (const [index, rule] of file.guardrails.entries()) linter.guardrail(['guardrails', index], rule);
  lintDelegations(linter, file);
  return { findings, leftOut };
};

/** Every user name of which lint would say whether it is borne, as it is written, in the order of the rules. */
export const userNamesIn = (file: PolicyFile): readonly string[] => {
  const names: string[] = [];
  const bearersOf = (userName: string): undefined => void names.push(userName);
  lintRules(file, { bearersOf }, 0);
  return names;
};
