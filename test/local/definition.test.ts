/** The interpreter of the state machine refuses what it would silently do wrong. */
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../lambda/contract/limits.ts';
import { synthesizeWorkflow } from '../../lib/workflow/definition.ts';
import { createStepFunctions } from '../../local/step-functions/step-functions.ts';
import { fakeLambda, STATE_MACHINE_ARN } from './fake-functions.ts';

const LAMBDA = 'arn:aws:lambda:us-east-1:300000000001:function:one';

const load = (definitionText: string) =>
  createStepFunctions({ stateMachineArn: STATE_MACHINE_ARN, definitionText, functions: fakeLambda({}).functions });

const withTask = (task: object): string =>
  JSON.stringify({ StartAt: 'One', States: { One: { Type: 'Task', Resource: LAMBDA, End: true, ...task } } });

test('the synthesized workflow is understood whole', () => {
  expect(() => load(synthesizeWorkflow({ limits: DEFAULT_LIMITS }))).not.toThrow();
});

test.each([
  ['TimeoutSecondsPath', { TimeoutSecondsPath: '$.seconds' }, /TimeoutSecondsPath/],
  ['a heartbeat', { HeartbeatSeconds: 5 }, /heartbeats/],
  ['JSONata', { QueryLanguage: 'JSONata' }, /JSONPath only/],
  ['the state in the context object', { Parameters: { 'name.$': '$$.State.Name' } }, /\$\$\.State/],
  ['another service', { Resource: 'arn:aws:states:::aws-sdk:ssoadmin:createAccountAssignment' }, /call functions only/],
])('a task with %s is refused', (_what, task, message) => {
  expect(() => load(withTask(task))).toThrow(message);
});

test('a definition that names a state which is not there is refused', () => {
  expect(() => load(JSON.stringify({ StartAt: 'Nowhere', States: { One: { Type: 'Succeed' } } }))).toThrow(/Nowhere/);
});
