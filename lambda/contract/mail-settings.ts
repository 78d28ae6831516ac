/** The setting `mail`: from which address people are told what concerns them; without it nobody is written to. */
import * as z from 'zod';

export const mailSettings = z.strictObject({
  /** SES has verified it, or its domain, in this account and Region. */
  from: z
    .email()
    .max(320)
    .describe('Address that SES has verified, or whose domain it has, in this account and Region.'),
  /** Name of a configuration set of SES, where mail goes through one. */
  configuration_set: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'the name of a configuration set of SES')
    .optional(),
});
export type MailSettings = z.output<typeof mailSettings>;

/** What the function that tells people goes by. */
export interface MailRules {
  readonly from: string;
  readonly configurationSet?: string;
}

export const mailRulesFrom = ({ from, configuration_set: configurationSet }: MailSettings): MailRules => ({
  from,
  ...(configurationSet === undefined ? {} : { configurationSet }),
});
