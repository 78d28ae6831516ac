/** On-call: how rules name a schedule, where the settings say that it is asked, and what is answered there. */
import * as z from 'zod';
import { isSafeAddress } from './sign-in.ts';

/** What a schedule may be called: it becomes a part of an address. */
export const scheduleName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'letters, digits, dots, dashes and underscores, at most 100');

const PLACE = '{schedule}';

const isSafeTemplate = (text: string): boolean => {
  const parts = text.split(PLACE);
  if (parts.length !== 2) return false;
  const [before = '', after = ''] = parts;
  // NB. A schedule names no host: whoever writes rules would say otherwise who is asked.
  return /^https?:\/\/[^/?#]+[/?]/.test(before) && isSafeAddress(`${before}x${after}`);
};

/** The address at which a schedule is asked. */
export const addressOf = (url: string, schedule: string): string => url.replace(PLACE, encodeURIComponent(schedule));

/** The setting `on_call`; without it, nobody can be told to be on call. */
export const onCallSettings = z.strictObject({
  url: z
    .string()
    .max(1000)
    .refine(isSafeTemplate, `an https address with ${PLACE} once, behind the host`)
    .describe('Asked with GET.'),
  /** Name of a parameter of the Parameter Store, in this account and Region, that holds the bearer token; none is sent without it. */
  token_parameter: z
    .string()
    .max(500)
    .regex(/^(\/[\w.-]+)+$/, 'the name of a parameter, such as /brevet/on-call-token')
    .optional(),
});
export type OnCallSettings = z.output<typeof onCallSettings>;

/** What the functions are told, as JSON in their environment. There is nothing secret in it. */
export interface OnCallRules {
  readonly url: string;
  readonly tokenParameter?: string;
}

export const onCallRulesFrom = ({ url, token_parameter: tokenParameter }: OnCallSettings): OnCallRules => ({
  url,
  ...(tokenParameter === undefined ? {} : { tokenParameter }),
});

export const MOST_ON_CALL = 50;

const name = z.string().min(1).max(256);

/** The answer: everybody who is on call for the schedule now. */
export const onCallAnswer = z.object({
  onCall: z.array(z.union([z.object({ email: name }), z.object({ userName: name })])).max(MOST_ON_CALL),
});
