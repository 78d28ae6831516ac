/** Mail through Amazon SES, to each person a message of their own. */
import { type SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { MailRules } from '../contract/mail-settings.ts';
import type { Notifier, Refused } from '../ports/notifier.ts';
import { mailOf } from './mail-text.ts';
import { asFault, exceptionName } from './service-call.ts';

export interface SesNotifierParts {
  readonly client: SESv2Client;
  readonly rules: MailRules;
}

/** What SES says of one message or one address; anything else holds for all of them. */
const REFUSED = ['MessageRejected', 'BadRequestException'];

/** NB. What SES says goes into the log, where nobody's address is to be. */
const withoutAddresses = (text: string): string => text.replace(/[^\s<>,]+@[^\s<>,]+/g, '(address)');

const refusedBy = (thrown: unknown): Refused => {
  const name = exceptionName(thrown);
  if (!REFUSED.includes(name)) throw asFault('mail', thrown);
  return { reason: thrown instanceof Error ? `${name}: ${withoutAddresses(thrown.message)}` : name };
};

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });

export const createSesNotifier = ({ client, rules: { from, configurationSet } }: SesNotifierParts): Notifier => ({
  tell: async (recipient, news) => {
    const { subject, text } = mailOf(recipient, news);
    const command = new SendEmailCommand({
      FromEmailAddress: from,
      Destination: { ToAddresses: [recipient.address] },
      ConfigurationSetName: configurationSet,
      Content: {
        Simple: {
          Subject: utf8(subject),
          Body: { Text: utf8(text) },
          // RFC 3834: nobody's automatic answer comes back.
          Headers: [{ Name: 'Auto-Submitted', Value: 'auto-generated' }],
        },
      },
    });
    return client.send(command).then(() => 'told' as const, refusedBy);
  },
});
