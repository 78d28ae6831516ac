/** The stack as CDK synthesizes it, with other settings where a test needs them; not bundled unless it says where to. */
import { readFileSync } from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import { Annotations, App } from 'aws-cdk-lib/core';
import type { Settings } from '../../lambda/contract/settings.ts';
import { AccessStack } from '../../lib/access-stack.ts';
import { readConfiguration } from '../../lib/settings-file.ts';

interface CdkJson {
  readonly context: Readonly<Record<string, unknown>>;
}
const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as CdkJson;

const EXAMPLE = new URL('../../examples/brevet.yaml', import.meta.url).pathname;

/** A door for tokens; the example settings have none. */
export const OIDC: NonNullable<Settings['oidc']> = {
  issuer: 'https://login.example.com/oauth2/default',
  audience: ['https://brevet.example.com'],
  claim: 'preferred_username',
  maps_to: 'user_name',
  client_id: 'brevet-cli',
  scopes: ['openid', 'offline_access'],
};

/** A rota that is asked with a token; the example settings have none. */
export const ON_CALL: NonNullable<Settings['on_call']> = {
  url: 'https://on-call.example.com/now/{schedule}',
  token_parameter: '/brevet/on-call-token',
};

/** An address that people are mailed from; the example settings have none. */
export const MAIL: NonNullable<Settings['mail']> = {
  from: 'brevet@mail.example.com',
  configuration_set: 'brevet-mail',
};

export const synthesized = (changes: Partial<Settings> = {}, { bundledInto }: { bundledInto?: string } = {}) => {
  const app = new App({
    analyticsReporting: false,
    context: bundledInto ? context : { ...context, 'aws:cdk:bundling-stacks': [] },
    ...(bundledInto && { outdir: bundledInto }),
  });
  const configuration = readConfiguration(EXAMPLE);
  const stack = new AccessStack(app, 'Brevet', {
    ...configuration,
    isExample: false,
    settings: { ...configuration.settings, ...changes },
  });
  // Else every test without mail would print what one of them asks for by name.
  if (!('mail' in changes)) Annotations.of(stack).acknowledgeWarning('brevet:nobody-is-told', 'not looked at here');
  return { app, stack, template: Template.fromStack(stack) };
};
