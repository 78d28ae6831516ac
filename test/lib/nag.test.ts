/** The AWS Solutions pack of cdk-nag, with the acknowledgements that stand beside the code. */

import { Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterEach, expect, it, vi } from 'vitest';
import { MAIL, synthesized } from './synthesized.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it('cdk-nag finds nothing that is not explained', () => {
  const { app } = synthesized({
    alarm_email: 'platform-team@example.com',
    policy_publishers: ['arn:aws:iam::300000000001:role/ci'],
    mail: MAIL,
  });
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  expect(violations).toEqual([]);
  // The first synthesis of a process takes its time where the machine is busy.
}, 90_000);

it('every explanation explains a finding, and says more than a word', () => {
  const explained = new Map<string, string>();
  vi.spyOn(Object.getPrototypeOf(Validations.of(synthesized().stack)), 'acknowledge').mockImplementation(
    (...given: unknown[]) => {
      for (const { id, reason } of given as { id: string; reason: string }[]) explained.set(id, reason);
    },
  );
  const { app } = synthesized({ mail: MAIL });
  const found = new AwsSolutionsChecks(app).validateScope(app).violations.map(({ ruleName }) => ruleName);
  expect([...explained.keys()].sort()).toEqual([...new Set(found)].sort());
  expect([...explained.values()].filter((reason) => reason.split(' ').length < 8)).toEqual([]);
});
