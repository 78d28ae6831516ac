/** What guardrails forbid, and the floor that they set: applied after the entitlement is chosen, and beating every one. */
import { type Refusal, refuse } from '../refusal.ts';
import { toIso } from '../time.ts';
import type { JudgedAsk, OpenTarget } from './ask.ts';
import type { Account, Missing, PermissionSet, Requester } from './facts.ts';
import { both, type Fit, fitsAccounts, fitsPermissionSets, fitsWho } from './fit.ts';
import type { Effect, Guardrail, TargetSelector } from './policy.ts';

export const fitsTarget = (
  { accounts, permissionSets }: TargetSelector,
  account: Account,
  permissionSet: PermissionSet,
  missing: Missing | undefined,
): Fit => {
  const accountFits = accounts ? fitsAccounts(accounts, account, missing) : 'yes';
  if (accountFits === 'no') return 'no';
  return both(accountFits, permissionSets ? fitsPermissionSets(permissionSets, permissionSet) : 'yes');
};

/** Whether a guardrail speaks of this person and target. NB. Unknown counts as yes wherever that is asked: see `holds`. */
export const fitsGuardrail = (
  guardrail: Guardrail,
  requester: Requester,
  account: Account,
  permissionSet: PermissionSet,
): Fit => {
  const whoFits = guardrail.who ? fitsWho(guardrail.who, requester) : 'yes';
  return whoFits === 'no' ? 'no' : both(whoFits, fitsTarget(guardrail, account, permissionSet, requester.missing));
};

/** NB. A guardrail holds unless it certainly does not: a group that was renamed must not open what it closed (law 9). */
export const holds = (...ask: Parameters<typeof fitsGuardrail>): boolean => fitsGuardrail(...ask) !== 'no';

const forbids = (name: string, reason: string): Refusal =>
  refuse('guardrail_forbids', `The guardrail "${name}" forbids this (${reason}).`, { guardrail: name });

const refuseFreeze = (
  { name }: Guardrail,
  { reason, schedule }: Extract<Effect, { kind: 'freeze' }>,
  { window }: JudgedAsk,
): Refusal | undefined => {
  const frozen = schedule.firstWithin(window);
  if (!frozen) return undefined;
  const [from, until] = [toIso(frozen.from), toIso(frozen.until)];
  return refuse(
    'frozen',
    `The guardrail "${name}" gives no access from ${from} until ${until}, and this would last from ${toIso(window.from)} until ${toIso(window.until)} (${reason}).`,
    { guardrail: name, from, until },
  );
};

/** The positions of the targets to which this one belongs, or may belong. */
const placesOf = (
  targets: readonly TargetSelector[],
  one: OpenTarget,
  missing: Missing | undefined,
): readonly number[] =>
  targets.flatMap((target, index) =>
    fitsTarget(target, one.account, one.permissionSet, missing) === 'no' ? [] : [index],
  );

const isSame = (left: OpenTarget, right: OpenTarget): boolean =>
  left.account.id === right.account.id && left.permissionSet.arn === right.permissionSet.arn;

/** Another target that belongs to another part of the combination than this one. */
const clashing = (targets: readonly TargetSelector[], ask: JudgedAsk): OpenTarget | undefined => {
  const { missing } = ask.requester;
  const mine = placesOf(targets, ask, missing);
  return ask.others.find((other) => {
    if (isSame(other, ask)) return false;
    const theirs = placesOf(targets, other, missing);
    return mine.some((place) => theirs.some((one) => one !== place));
  });
};

const refuseTogether = (
  { name }: Guardrail,
  { targets }: Extract<Effect, { kind: 'not-together' }>,
  ask: JudgedAsk,
): Refusal | undefined => {
  const other = clashing(targets, ask);
  if (!other) return undefined;
  const held = `${other.account.name}/${other.permissionSet.name}`;
  return refuse(
    'combination_forbidden',
    `The guardrail "${name}" forbids to hold this together with ${held}, for which there is an open request. End or cancel that first.`,
    { guardrail: name, with: held },
  );
};

const refuseOpen = (
  guardrail: Guardrail,
  { most }: Extract<Effect, { kind: 'open-limit' }>,
  { requester, others }: JudgedAsk,
): Refusal | undefined => {
  const open = others.filter(
    (one) => fitsTarget(guardrail, one.account, one.permissionSet, requester.missing) !== 'no',
  );
  if (open.length < most) return undefined;
  return refuse(
    'too_many_open',
    `The guardrail "${guardrail.name}" allows ${most} open request(s) of this kind, and there are ${open.length}. End or cancel one first.`,
    { guardrail: guardrail.name, maximum: most },
  );
};

/** A floor of approvals is above whoever breaks the glass, since nobody approves it. */
const refuseFloor = (
  { name }: Guardrail,
  { minApprovals }: Extract<Effect, { kind: 'floor' }>,
  { incident }: JudgedAsk,
): Refusal | undefined => {
  if (incident === undefined || minApprovals === 0) return undefined;
  return refuse(
    'guardrail_forbids',
    `The guardrail "${name}" needs ${minApprovals} approval(s), which nobody gives where the glass is broken. Ask without it.`,
    { guardrail: name },
  );
};

/** Why this guardrail, which holds, refuses; a floor refuses those alone who break the glass. */
export const refuseByEffect = (guardrail: Guardrail, ask: JudgedAsk): Refusal | undefined => {
  const { effect } = guardrail;
  switch (effect.kind) {
    case 'forbid':
      return forbids(guardrail.name, effect.reason);
    case 'freeze':
      return refuseFreeze(guardrail, effect, ask);
    case 'not-together':
      return refuseTogether(guardrail, effect, ask);
    case 'open-limit':
      return refuseOpen(guardrail, effect, ask);
    case 'floor':
      return refuseFloor(guardrail, effect, ask);
  }
};

/** The longest that the guardrails allow, seconds. */
export const longestAllowed = (holding: readonly Guardrail[]): number =>
  Math.min(
    ...holding.map(
      ({ effect }) => (effect.kind === 'floor' ? effect.maxDurationSeconds : undefined) ?? Number.POSITIVE_INFINITY,
    ),
  );
