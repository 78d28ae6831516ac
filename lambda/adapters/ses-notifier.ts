/** Mail through Amazon SES, to each person a message of their own. */
import { type SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { MailRules } from '../contract/mail-settings.ts';
import type { Notifier } from '../ports/notifier.ts';
import { mailOf } from './mail-text.ts';
import { callingUnless } from './service-call.ts';

export interface SesNotifierParts {
  readonly client: SESv2Client;
  readonly rules: MailRules;
}

/** What SES says of one message or one address; anything else holds for all of them. */
const REFUSED = ['MessageRejected', 'BadRequestException'];

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
    return (await callingUnless('mail', REFUSED, client.send(command))) ? 'told' : 'refused';
  },
});
