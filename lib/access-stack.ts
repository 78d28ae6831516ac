/** Everything that one deployment of Brevet consists of. */
import { Annotations, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { limitsFrom } from '../lambda/contract/settings.ts';
import { Alarms } from './alarms.ts';
import { Api } from './api.ts';
import { catalogueRules } from './catalogue-rules.ts';
import { driftRules } from './drift-rules.ts';
import {
  apiFunction,
  authorizerFunction,
  catalogueFunction,
  censusFunction,
  convergeFunction,
  driftFunction,
  policyCheckFunction,
  sweepFunction,
  workflowFunction,
} from './functions.ts';
import { operationsKey } from './operations-key.ts';
import { PolicyTable } from './policy-table.ts';
import { requestTable } from './request-table.ts';
import type { Configuration } from './settings-file.ts';
import { sweepSchedule } from './sweep-schedule.ts';
import { tellFunction, tellingWakeUps } from './telling.ts';
import { AccessStateMachine } from './workflow/state-machine.ts';

export class AccessStack extends Stack {
  constructor(scope: Construct, id: string, { settings, policy, isExample }: Configuration) {
    super(scope, id, {
      description: 'Brevet: temporary elevated access to AWS IAM Identity Center',
      env: { account: settings.account, region: settings.region },
      // Without this stack, nothing ends what is held.
      terminationProtection: true,
    });
    if (isExample) this.warnOfExample();

    const logKey = operationsKey(this);
    const { table: policyTable } = new PolicyTable(this, 'Policy', {
      policyDocument: policy.document,
      policyVersion: policy.version,
      publishers: settings.policy_publishers,
      organizationId: settings.organization_id,
      logKey,
    });
    if (settings.policy_publishers.length > 0) this.tellOfPublishers();
    const parts = { settings, requestTable: requestTable(this), policyTable, logKey };

    const converging = convergeFunction(this, parts);
    const converge = converging.function;
    const workflow = workflowFunction(this, parts, converge).function;
    const { stateMachine } = new AccessStateMachine(this, 'AccessWorkflow', {
      workflowFunction: workflow,
      limits: limitsFrom(settings),
      logKey,
    });
    const api = apiFunction(this, parts, { converge, stateMachine }).function;
    const sweep = sweepFunction(this, parts, { converge, stateMachine }).function;

    const drift = driftFunction(this, parts, converging).function;
    const catalogue = catalogueFunction(this, parts).function;
    const census = censusFunction(this, parts).function;
    const policyCheck = policyCheckFunction(this, parts, census).function;
    const tell = settings.mail && tellFunction(this, parts, settings.mail).function;
    if (!tell && policy.file.entitlements.some(({ break_glass }) => break_glass)) this.warnOfSilence();

    const { oidc, organization_id: organizationId } = settings;
    const authorizer = oidc && authorizerFunction(this, oidc, logKey).function;
    const { rest } = new Api(this, 'RestApi', {
      functions: { api, policyCheck },
      oidc: oidc && authorizer && { settings: oidc, authorizerFunction: authorizer },
      organizationId,
      logKey,
    });
    sweepSchedule(this, sweep);
    driftRules(this, drift, converging.role.roleArn);
    catalogueRules(this, catalogue);
    if (tell) tellingWakeUps(this, tell, parts.requestTable);
    new Alarms(this, 'Alarms', {
      key: logKey,
      email: settings.alarm_email,
      stateMachine,
      // The authorizer fails for every bad token, since that is how API Gateway is told; its real failures are 5xx there.
      functions: {
        Api: api,
        Workflow: workflow,
        Converge: converge,
        Sweep: sweep,
        Drift: drift,
        Catalogue: catalogue,
        Census: census,
        PolicyCheck: policyCheck,
        ...(tell && { Tell: tell }),
      },
      api: rest,
      catalogueStaleSeconds: limitsFrom(settings).catalogueStaleSeconds,
    });
  }

  private tellOfPublishers(): void {
    Annotations.of(this).addInfoV2(
      'brevet:policy-publishers',
      'The settings name policy_publishers: this deploy publishes their policy only where there is none yet. Publish with: brevet policy publish',
    );
  }

  private warnOfSilence(): void {
    Annotations.of(this).addWarningV2(
      'brevet:nobody-is-told',
      'A rule of the policy lets people break the glass, and the settings have no mail: those whom the rule names are not written to. The alarm alone tells of it. docs/deploy.md, Mail.',
    );
  }

  private warnOfExample(): void {
    Annotations.of(this).addWarningV2(
      'brevet:example-settings',
      'There is no brevet.yaml, so the settings are those of examples/brevet.yaml: good for a look, not for a deployment.',
    );
  }
}
