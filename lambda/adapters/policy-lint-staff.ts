/** Too few people for the approval of a rule: by itself, or raised to the floors that hold for all of it. */
import { type StageInFile, stagesIn } from '../contract/policy-approval.ts';
import type { PolicyFile } from '../contract/policy-document.ts';
import { type StageStaffing, type TooFew, tooFewApprovers } from '../domain/enough-approvers.ts';
import { type ApprovalDemand, raisedBy, type StageDemand, withTagged } from '../domain/policy/approval-demand.ts';
import type { Staff } from '../domain/policy/known-names.ts';
import type { Floor } from '../domain/policy/policy.ts';
import { decidersOf } from '../domain/policy/staffing.ts';
import { delegationFrom, delegationOf, floorFrom, stageFrom } from './policy-from-file.ts';
import type { Linter, Path } from './policy-lint.ts';

type Rule = PolicyFile['entitlements'][number];
/** Enabled people who could decide a stage. */
export type Deciders = (stage: StageDemand) => ReadonlySet<string>;
type Guardrail = PolicyFile['guardrails'][number];

/** Where the stages were written, and there their approvers. */
export const placesOf = (
  path: Path,
  approval: Rule['approval'],
): readonly { readonly path: Path; readonly stage: StageInFile }[] => {
  const isPlain = approval !== undefined && approval !== 'none' && !('stages' in approval);
  return stagesIn(approval).map((stage, index) => ({ path: isPlain ? path : [...path, 'stages', index], stage }));
};

/** Whether it holds for everybody and every target: what holds for some alone depends on who asks for what. */
const holdsForAll = ({ who, what }: Guardrail): boolean => {
  if (who || what?.permission_sets) return false;
  const { organizational_units = ['/'], tags = {}, except } = what?.accounts ?? {};
  return organizational_units.includes('/') && Object.keys(tags).length === 0 && !except;
};

/** The floors to which every rule of the file is raised, wherever it is asked by. */
export const floorsOn = (file: PolicyFile): ((rule: Rule) => readonly Floor[]) => {
  const everywhere = file.guardrails.filter(holdsForAll).flatMap(({ floor }) => (floor ? [floorFrom(floor)] : []));
  return (rule) => [
    ...file.delegations.filter(({ name }) => name === delegationOf(file, rule)).map(delegationFrom),
    ...everywhere,
  ];
};

/** Who could decide: looked up once for stages of the same people, since many rules ask the same of many. */
export const rememberedDeciders = (staff: Staff): Deciders => {
  const known = new Map<string, ReadonlySet<string>>();
  return ({ required: _any, ...stage }) => {
    const { remindAfterSeconds: _when, ...whom } = stage;
    const key = JSON.stringify(whom);
    const found = known.get(key) ?? decidersOf(staff, { ...stage, required: 1 });
    known.set(key, found);
    return found;
  };
};

const staffingOf = (decidersIn: Deciders, demand: ApprovalDemand): readonly StageStaffing[] =>
  demand.map((stage) => ({
    required: stage.required,
    people: decidersIn(stage),
    // Whom a tag names depends on the account.
    isAll: stage.silentTag === undefined,
  }));

const without = (id: string, staffing: readonly StageStaffing[]): readonly StageStaffing[] =>
  staffing.map((one) => ({ ...one, people: new Set([...one.people].filter((each) => each !== id)) }));

/** Nobody approves for themselves: too few for whoever may ask, though there are enough. False where nobody may. */
const lacksOthers = (decidersIn: Deciders, { who }: Rule, staffing: readonly StageStaffing[]): boolean => {
  const requesters = decidersIn({ ...stageFrom({ approvers: who, required: 1 }), among: [] });
  if (requesters.size === 0) return false;
  for (const id of requesters) if (!tooFewApprovers(without(id, staffing))) return false;
  return true;
};

const lackText = ({ stages, required, available }: TooFew, count: number): string => {
  const numbers = stages.map((stage) => stage + 1).join(' and ');
  const which = count === 1 ? 'it needs' : stages.length === 1 ? `stage ${numbers} needs` : `stages ${numbers} need`;
  const whom = stages.length > 1 ? ' different' : '';
  return `${which} ${required} approval(s), and ${available}${whom} enabled person(s) could give one`;
};

const NO_OTHERS = 'nobody approves for themselves, and of others there are too few for anybody who may ask by it';

interface Lack {
  /** Of the one stage that lacks them. */
  readonly stage?: number;
  readonly text: string;
}

const lackIn = (decidersIn: Deciders, rule: Rule, demand: ApprovalDemand): Lack | undefined => {
  const staffing = staffingOf(decidersIn, demand);
  const lack = tooFewApprovers(staffing);
  if (!lack) return lacksOthers(decidersIn, rule, staffing) ? { text: NO_OTHERS } : undefined;
  const [only, another] = lack.stages;
  return { text: lackText(lack, demand.length), ...(only !== undefined && another === undefined && { stage: only }) };
};

/** @param path of its approval. */
export const lintStaff = (linter: Linter, path: Path, rule: Rule, floors: readonly Floor[]): void => {
  const { decidersIn } = linter;
  if (!decidersIn || rule.approval === undefined) return;
  const stages = stagesIn(rule.approval).map((stage) => withTagged(stageFrom(stage), {}));
  const own = lackIn(decidersIn, rule, raisedBy([], stages));
  const raised = own || floors.length === 0 ? undefined : lackIn(decidersIn, rule, raisedBy(floors, stages));
  const lack = own ?? raised;
  if (!lack) return;
  const place = placesOf(path, rule.approval)[lack.stage ?? -1]?.path ?? path;
  linter.tell(place, () => `${own ? '' : 'by the floors that hold for all of it, '}${lack.text}`);
};
