/** Calls that are refused since a rule, an account or a person changed between asking and deciding, or extending. */
import { POLICY, policyOf } from './api-world.ts';
import {
  type Attempt,
  askedToRead,
  changedMeanwhile,
  group,
  ruleChanged,
  type Scenario,
  type Stage,
} from './scenario-stage.ts';

const SUSPENDED = { id: '400000000001', name: 'payments-prod', ouPath: 'Workloads/Payments', active: false };

const NOT_NOW = "hours: { from: '10:00', until: '18:00', time_zone: UTC }";

const guardedBy =
  (effect: string) =>
  ({ world }: Stage): void =>
    world.policies.publish(policyOf(`${POLICY}guardrails:\n  - name: a-guardrail\n    ${effect}\n`));

/** Everything that may happen to a rule, an account or a person between asking and deciding or extending. */
export const CHANGES: Readonly<Record<string, (stage: Stage) => void | Promise<void>>> = {
  account_unknown: ({ world }) => world.organization.removeAccount('400000000001'),
  permission_set_unknown: ({ world }) =>
    world.organization.removePermissionSet('arn:aws:sso:::permissionSet/ssoins-1/ps-admin'),
  target_forbidden: ({ world }) => world.organization.putAccount(SUSPENDED),
  not_eligible: ({ world }) => world.directory.putGroup(group('g-engineers', 'engineers', 'u-diego')),
  guardrail_forbids: guardedBy('forbid: nobody, ever'),
  frozen: guardedBy('freeze: { reason: a freeze, from: 2026-11-23, until: 2026-11-23 }'),
  combination_forbidden: async (stage) => {
    await askedToRead(stage);
    guardedBy(`not_together: [{ permission_sets: [AdministratorAccess] }, { permission_sets: [ReadOnlyAccess] }]`)(
      stage,
    );
  },
  too_many_open: async (stage) => {
    await askedToRead(stage);
    guardedBy('max_open: 1')(stage);
  },
  outside_hours: (stage) => ruleChanged(stage, 'justification_length: 10,', `justification_length: 10, ${NOT_NOW},`),
  not_on_call: (stage) => {
    stage.world.onCall.putSchedule('primary', [{ userName: 'diego' }]);
    ruleChanged(stage, 'justification_length: 10,', 'justification_length: 10, on_call: primary,');
  },
  on_call_unknown: (stage) =>
    ruleChanged(stage, 'justification_length: 10,', 'justification_length: 10, on_call: primary,'),
  justification_too_short: (stage) => ruleChanged(stage, 'justification_length: 10,', 'justification_length: 500,'),
  ticket_invalid: (stage) => ruleChanged(stage, 'INC-', 'CHG-'),
};

/** Asked while no ticket was wanted, which then it is. */
export const withoutTicket = async (stage: Stage, prepare: (stage: Stage) => Promise<string>): Promise<string> => {
  ruleChanged(stage, ", ticket_pattern: 'INC-\\d+'", '');
  const id = await prepare(stage);
  stage.world.policies.publish(policyOf(POLICY));
  return id;
};

export const judgingScenarios = (
  prepare: (stage: Stage) => Promise<string>,
  attempt: Omit<Attempt, 'id'>,
): Readonly<Record<string, Scenario>> => ({
  ...Object.fromEntries(
    Object.entries(CHANGES).map(([code, change]): [string, Scenario] => [
      code,
      async (stage) => {
        const id = await prepare(stage);
        await change(stage);
        return { ...attempt, id };
      },
    ]),
  ),
  changed_meanwhile: changedMeanwhile(prepare, attempt),
});
