/** The setting `on_call`: where it is asked who is on call; without it, nobody can be told to be. */
import * as z from 'zod';
import { type OnCallRules, SCHEDULE_PLACE } from './on-call.ts';
import { isSafeAddress } from './sign-in.ts';

const isSafeTemplate = (text: string): boolean => {
  const parts = text.split(SCHEDULE_PLACE);
  if (parts.length !== 2) return false;
  const [before = '', after = ''] = parts;
  // NB. A schedule names no host: whoever writes rules would say otherwise who is asked.
  return /^https?:\/\/[^/?#]+[/?]/.test(before) && isSafeAddress(`${before}x${after}`);
};

export const onCallSettings = z.strictObject({
  url: z
    .string()
    .max(1000)
    .refine(isSafeTemplate, `an https address with ${SCHEDULE_PLACE} once, behind the host`)
    .describe('Asked with GET.'),
  /** Name of a parameter of the Parameter Store, in this account and Region, that holds the bearer token; none is sent without it. */
  token_parameter: z
    .string()
    .max(500)
    .regex(/^(\/[\w.-]+)+$/, 'the name of a parameter, such as /brevet/on-call-token')
    .optional(),
});
export type OnCallSettings = z.output<typeof onCallSettings>;

export const onCallRulesFrom = ({ url, token_parameter: tokenParameter }: OnCallSettings): OnCallRules => ({
  url,
  ...(tokenParameter === undefined ? {} : { tokenParameter }),
});
