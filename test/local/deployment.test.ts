/** The local functions have the limits of the deployed ones. */
import { expect, test } from 'vitest';
import { FUNCTION_KINDS, FUNCTION_SETTINGS, kindsFor } from '../../local/deployment.ts';
import { MAIL, OIDC, synthesized } from '../lib/synthesized.ts';

/** Lambda's default, for functions without a configuration of their own. */
const DEFAULT_RETRIES = 2;

test('time limits and retries are those of the stack', () => {
  const { template } = synthesized({ oidc: OIDC, mail: MAIL });
  const functions = template.findResources('AWS::Lambda::Function');
  const retries = Object.values(template.findResources('AWS::Lambda::EventInvokeConfig')).map(({ Properties }) => [
    Properties.FunctionName.Ref,
    Properties.MaximumRetryAttempts,
  ]);
  const deployed = Object.entries(functions).flatMap(([id, { Properties }]) => {
    const kind = /^(Api|Authorizer|Workflow|Converge|Sweep|Drift|Catalogue|Census|PolicyCheck|Tell)Function/
      .exec(id)?.[1]
      ?.replace(/^[A-Z]/, (letter) => letter.toLowerCase());
    const retryAttempts = retries.find(([name]) => name === id)?.[1] ?? DEFAULT_RETRIES;
    return kind ? [[kind, { timeoutSeconds: Properties.Timeout, retryAttempts }]] : [];
  });
  expect(Object.fromEntries(deployed)).toEqual(FUNCTION_SETTINGS);
});

test('people are told anything only where the settings say from which address, as deployed', () => {
  expect(kindsFor({ mail: MAIL })).toEqual(FUNCTION_KINDS);
  expect(kindsFor({ mail: undefined })).toEqual(FUNCTION_KINDS.filter((kind) => kind !== 'tell'));
});
