/** Who must say yes, stage by stage: what an entitlement asks for this account, raised to its delegation's floor and to every other that holds. */
import { requiredIn } from '../approval.ts';
import { foldedCase } from '../proven-identity.ts';
import { delegatedFloors } from './delegation.ts';
import type { Account } from './facts.ts';
import type { Entitlement, Floor, Guardrail, Stage, Who } from './policy.ts';

/** A stage with everybody by name: what a tag of the account says is among groups and users. */
export interface StageDemand extends Omit<Stage, 'accountTag'> {
  /** Each approver belongs to one group of every list here too, and so do those to whom the stage is escalated. */
  readonly among: readonly (readonly string[])[];
  /** Key of a tag that was to name approvers, and that the account has not, or that was not read. */
  readonly silentTag?: string;
}

export type ApprovalDemand = readonly StageDemand[];

/** Whom the value of a tag names. */
export const namedByTag = (value: string): Pick<Who, 'groups' | 'users'> => {
  if (value.startsWith('user:')) return { groups: [], users: [foldedCase(value.slice('user:'.length))] };
  return { groups: [value.startsWith('group:') ? value.slice('group:'.length) : value], users: [] };
};

/** NB. A tag that is not there, or was not read, names nobody (law 9). */
export const withTagged = (
  { accountTag, ...stage }: Stage,
  { tags = {} }: Pick<Account, 'tags'>,
): Omit<StageDemand, 'among'> => {
  if (accountTag === undefined) return stage;
  const value = Object.hasOwn(tags, accountTag) ? tags[accountTag] : undefined;
  if (value === undefined || value === '') return { ...stage, silentTag: accountTag };
  const { groups, users } = namedByTag(value);
  return { ...stage, groups: [...stage.groups, ...groups], users: [...stage.users, ...users] };
};

const floorsOf = (holding: readonly Guardrail[]): readonly Floor[] =>
  holding.flatMap(({ effect }) => (effect.kind === 'floor' ? [effect] : []));

/** Two people decide on the account that hosts Brevet, whatever the policy says (law 15). */
const GUARDED: Floor = { minApprovals: 2, approversFrom: [] };

/** Where the entitlement asks nobody, the first floor that names groups says who is asked. */
const asFloorsAsk = (required: number, [groups = [], ...among]: StageDemand['among']): ApprovalDemand =>
  required === 0 ? [] : [{ required, groups, users: [], attributes: [], among }];

/** Approvals that are missing are asked of the last stage, whose word is final. */
export const raisedBy = (floors: readonly Floor[], approval: readonly Omit<StageDemand, 'among'>[]): ApprovalDemand => {
  const inAll = Math.max(0, ...floors.map(({ minApprovals }) => minApprovals));
  const among = floors.map(({ approversFrom }) => approversFrom).filter((groups) => groups.length > 0);
  if (approval.length === 0) return asFloorsAsk(inAll, among);
  const missing = Math.max(0, inAll - requiredIn(approval));
  return approval.map((stage, index) => {
    const required = stage.required + (index === approval.length - 1 ? missing : 0);
    return { ...stage, required, among };
  });
};

export const raisedTo = (entitlement: Entitlement, holding: readonly Guardrail[], account: Account): ApprovalDemand =>
  raisedBy(
    [...delegatedFloors(entitlement), ...floorsOf(holding), ...(account.guarded ? [GUARDED] : [])],
    entitlement.approval.map((stage) => withTagged(stage, account)),
  );
