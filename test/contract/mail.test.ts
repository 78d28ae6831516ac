/** What people are mailed, word for word, and what hostile text can do in it; and how SES is asked, and its answers taken. */
import { SESv2Client } from '@aws-sdk/client-sesv2';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailOf } from '../../lambda/adapters/mail-text.ts';
import { createSesNotifier } from '../../lambda/adapters/ses-notifier.ts';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { openStage } from '../../lambda/domain/ballot.ts';
import type { ApprovalNews, News } from '../../lambda/domain/news.ts';
import type { DurationSeconds } from '../../lambda/domain/time.ts';
import type { Recipient } from '../../lambda/ports/notifier.ts';
import { BASE, BROKEN, idOf, MORNING, minutesAfter, OMAR, pending } from './samples.ts';
import { exception, type StubAws, startStubAws } from './stub-aws.ts';

const recipient = (change: Partial<Recipient> = {}): Recipient => ({
  ...{ person: OMAR, address: 'omar@example.com', isTold: false, isReviewer: false },
  ...change,
});
const REQUEST = pending(1, { ticket: 'PAY-7' });
const glass = (change: Partial<AccessRequest> = {}): News => {
  const { acknowledged, review, ...breakGlass } = BROKEN;
  const request = pending(1, { breakGlass, status: 'scheduled', ...change } as Partial<AccessRequest>);
  return { kind: 'glass-broken', request, breakGlass: request.breakGlass ?? breakGlass };
};
const approval = (kind: ApprovalNews['kind'], request: AccessRequest = REQUEST): News => {
  const ballot = request.status === 'active' && request.extension ? request.extension : request;
  const open = openStage(ballot);
  if (!open) throw new Error('nothing waits');
  return { kind, request, ballot, open, until: minutesAfter(MORNING, 480) };
};

describe('a mail', () => {
  it('about a broken glass says what is at stake, what to do about it, and who reviews it until when', () => {
    expect(mailOf(recipient({ isTold: true, isReviewer: true }), glass())).toEqual({
      subject: 'Break-glass: maria for AdministratorAccess in payments-prod',
      text: `Maria Santos (maria) broke the glass: nobody approved this access.

  incident        INC-7
  person          Maria Santos (maria)
  account         payments-prod (400000000001)
  permission set  AdministratorAccess
  for             1h
  asked           2026-11-23 08:00:00 UTC
  access          is being given
  credentials     may work up to 1h longer than access; they cannot be recalled
  by the rule     payments-prod

Why, in their own words:
  > Deploy the fix of the payment outage

You are named as somebody to be told. Say that you know of it; until somebody does, the alarm rings again and again:
  brevet acknowledge ${idOf(1)}
If it should not be, end the access now:
  brevet end ${idOf(1)}

You are named as somebody who reviews it, by 2026-11-23 09:00:00 UTC:
  brevet review ${idOf(1)} --justified          (or --not-justified, and --comment …)

All of it:
  brevet show ${idOf(1)}

Whoever has this mail may do nothing by it: Brevet asks who you are.`,
    });
  });

  it('about a broken glass says how it stands by now, and asks for nothing that was done meanwhile', () => {
    const done = { by: OMAR, at: MORNING };
    const { review, ...acknowledged } = BROKEN;
    const everybody = recipient({ isTold: true, isReviewer: true });
    const ends = { activeSince: MORNING, endsAt: minutesAfter(MORNING, 60), standing: false };
    const asked = (change: object) => mailOf(everybody, glass(change as Partial<AccessRequest>)).text;
    const held = asked({ status: 'active', ...ends, breakGlass: { ...acknowledged, acknowledged: done } });
    expect(held).toContain('  access          until 2026-11-23 09:00:00 UTC\n');
    expect([held.includes('acknowledge'), held.includes('brevet end'), held.includes('review')]).toEqual([
      false,
      true,
      true,
    ]);
    const over = asked({ status: 'ended', endedAt: minutesAfter(MORNING, 9), breakGlass: BROKEN });
    expect(over).toContain('  access          ended at 2026-11-23 08:09:00 UTC\n');
    expect([over.includes('acknowledge'), over.includes('brevet end'), over.includes('brevet review')]).toEqual([
      ...[false, false, false],
    ]);
    expect(asked({ status: 'failed' })).toContain('  access          none: failed\n');
    expect(asked({ status: 'ending' })).toContain('  access          is being taken away\n');
  });

  it('leads nowhere that somebody chose who wrote something, and no line of theirs is so long that it is broken', () => {
    const justification = `Look at https://brevet.evil.example/approve or www.evil.example ${'a '.repeat(60)}Decide:   brevet approve ${'x'.repeat(200)}`;
    const { text } = mailOf(recipient(), approval('asked', pending(1, { justification, ticket: 'http://t.example' })));
    expect(text).not.toMatch(/:\/\/|www\./);
    expect(text).toContain('  > Look at https[:]//brevet.evil.example/approve or www[.]evil.example');
    const theirs = text.split('\n').filter((one) => one.startsWith('  > '));
    expect(theirs.every((one) => one.length <= 74)).toBe(true);
    expect(theirs.join('').replaceAll('  > ', '').replaceAll(' ', '')).toContain(
      `Decide:brevetapprove${'x'.repeat(200)}`,
    );
  });

  it('about a broken glass asks nobody for what they may not do', () => {
    const told = mailOf(recipient({ isTold: true }), glass()).text;
    const reviewer = mailOf(recipient({ isReviewer: true }), glass()).text;
    expect([told.includes('brevet acknowledge'), told.includes('brevet review')]).toEqual([true, false]);
    expect([reviewer.includes('brevet acknowledge'), reviewer.includes('brevet review')]).toEqual([false, true]);
  });

  it('to an approver says what is asked, how it stands, and how to decide', () => {
    const { subject, text } = mailOf(recipient(), approval('asked'));
    expect(subject).toBe('Approval wanted: maria asks for AdministratorAccess in payments-prod');
    expect(text).toBe(`Maria Santos (maria) asks for AdministratorAccess in payments-prod. You may decide on this.

  approvals       0 of 1
  waits until     2026-11-23 16:00:00 UTC
  person          Maria Santos (maria)
  account         payments-prod (400000000001)
  permission set  AdministratorAccess
  for             1h
  ticket          PAY-7
  asked           2026-11-23 08:00:00 UTC
  access          not before it is approved
  credentials     may work up to 1h longer than access; they cannot be recalled
  by the rule     payments-prod

Why, in their own words:
  > Deploy the fix of the payment outage

Decide:
  brevet approve ${idOf(1)}
  brevet reject ${idOf(1)} --comment …

All of it:
  brevet show ${idOf(1)}

Whoever has this mail may do nothing by it: Brevet asks who you are.`);
  });

  it.each([
    ['reminded', 'Still waiting for approval: maria asks', 'still waits for somebody to decide'],
    ['escalated', 'Escalated to you: maria asks', 'Nobody who was asked first has decided'],
  ] as const)('to an approver who is %s says so', (kind, subject, opening) => {
    const mail = mailOf(recipient(), approval(kind));
    expect([mail.subject, mail.text]).toEqual([expect.stringContaining(subject), expect.stringContaining(opening)]);
  });

  it('says which of several stages is open, and when a window begins that was asked for later', () => {
    const stage = { required: 2, groups: [], users: [OMAR] };
    const vote = { stage: 0, approver: OMAR, choice: 'approve', at: MORNING } as const;
    const request = pending(1, {
      ...{ approval: [...BASE.approval, stage], votes: [vote], start: minutesAfter(MORNING, 90) },
    });
    const { text } = mailOf(recipient(), approval('asked', request));
    expect(text).toContain('  stage           2 of 2\n  approvals       0 of 2\n');
    expect(text).toContain('  for             1h, from 2026-11-23 09:30:00 UTC\n');
  });

  it('about more time says how much in all, and approves just that', () => {
    const request: AccessRequest = {
      ...{ ...BASE, id: idOf(6), status: 'active', activeSince: MORNING, endsAt: minutesAfter(MORNING, 60) },
      standing: false,
      extension: {
        ...{ durationSeconds: 1800 as DurationSeconds, askedAt: MORNING, approval: BASE.approval },
        ...{ votes: [], entitled: BASE.entitled },
      },
    };
    const { subject, text } = mailOf(recipient(), approval('asked', request));
    expect(subject).toBe('Approval wanted: maria asks for more time with AdministratorAccess in payments-prod');
    expect(text).toContain('  more time       30m, 1h 30m in all\n');
    expect(text).toContain(`  brevet approve ${idOf(6)} --extend-to PT1H30M\n`);
  });

  it('quotes every line of what somebody wrote, however their machine ends lines', () => {
    const { text } = mailOf(recipient(), approval('asked', pending(1, { justification: 'One\r\nTwo\n\nThree\n' })));
    expect(text).toContain('\n  > One\n  > Two\n  > \n  > Three\n\nDecide:');
  });

  it('carries nothing that has authority, and no hash or salt', () => {
    for (const news of [glass(), approval('asked')]) {
      const { subject, text } = mailOf(recipient({ isTold: true, isReviewer: true }), news);
      expect(`${subject}\n${text}`).not.toMatch(/https?:|[0-9a-f]{32}/);
    }
  });

  it('shows whatever people write as text on lines of its own, on which nothing looks like ours', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom(
        'fine\n\nDecide:\n  brevet approve 01OTHER',
        'a\r\nBcc: all@example.com',
        '\u202egnp.exe',
        '\u001b[2J',
      ),
    );
    fc.assert(
      fc.property(hostile, hostile, (justification, written) => {
        const incident = written.trim() === '' ? 'INC-1' : written;
        const { breakGlass: _, ...rest } = REQUEST;
        const request = {
          ...rest,
          justification,
          ticket: written,
          breakGlass: { ...BROKEN, incident },
        } as AccessRequest;
        for (const news of [
          approval('asked', request),
          { ...glass(), request, breakGlass: { ...BROKEN, incident } } as News,
        ]) {
          const { subject, text } = mailOf(recipient({ isTold: true }), news);
          const plain = mailOf(recipient({ isTold: true }), plainNews(news)).text.split('\n');
          expect(subject).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
          expect(text).not.toMatch(/(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
          const ours = text.split('\n').filter((line) => !line.startsWith('  > '));
          expect(ours.filter((line) => !isOfText(line))).toEqual(
            plain.filter((line) => !line.startsWith('  > ') && !isOfText(line)),
          );
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** Rows that hold a ticket or an incident, each on one line. */
const isOfText = (line: string): boolean => /^ {2}(ticket|incident) {2}/.test(line);

/** The same news with harmless texts. */
const plainNews = (news: News): News => {
  const request = { ...news.request, justification: 'Why', ticket: 'T' } as AccessRequest;
  return news.kind === 'glass-broken'
    ? { ...news, request, breakGlass: { ...BROKEN, incident: 'I' } }
    : { ...news, request };
};

describe('SES', () => {
  let ses: StubAws;
  beforeAll(async () => {
    ses = await startStubAws();
  });
  afterAll(() => ses.stop());

  const client = () =>
    new SESv2Client({
      ...{ endpoint: ses.url, region: 'eu-central-1', maxAttempts: 1 },
      credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
    });
  const notifier = (rules = { from: 'brevet@example.com' }) => createSesNotifier({ client: client(), rules });

  it('is asked to send each person a message of their own, to which no machine answers', async () => {
    ses.answer({ body: { MessageId: '1' } });
    expect(await notifier().tell(recipient(), approval('asked'))).toBe('told');
    const { operation, input } = ses.calls.at(-1) ?? {};
    expect(operation).toBe('POST /v2/email/outbound-emails');
    expect(input).toMatchObject({
      FromEmailAddress: 'brevet@example.com',
      Destination: { ToAddresses: ['omar@example.com'] },
      Content: {
        Simple: {
          Subject: { Charset: 'UTF-8', Data: expect.stringContaining('Approval wanted') },
          Body: { Text: { Charset: 'UTF-8', Data: expect.stringContaining('brevet approve') } },
          Headers: [{ Name: 'Auto-Submitted', Value: 'auto-generated' }],
        },
      },
    });
    expect(input).not.toHaveProperty('ConfigurationSetName');
  });

  it('sends by the configuration set of the settings', async () => {
    ses.answer({ body: { MessageId: '1' } });
    const rules = { from: 'brevet@example.com', configurationSet: 'brevet' };
    await createSesNotifier({ client: client(), rules }).tell(recipient(), approval('asked'));
    expect(ses.calls.at(-1)?.input).toMatchObject({ ConfigurationSetName: 'brevet' });
  });

  it.each(['MessageRejected', 'BadRequestException'])('that says %s has refused this one', async (name) => {
    ses.answer(exception(name));
    const reason = `${name}: the stub was told to throw ${name}`;
    expect(await notifier().tell(recipient(), approval('asked'))).toEqual({ reason });
  });

  it.each([
    ...[['TooManyRequestsException', 429] as const, ['AccountSuspendedException', 400] as const],
    ...[['SendingPausedException', 400] as const, ['MailFromDomainNotVerifiedException', 400] as const],
    ...[['NotFoundException', 404] as const, ['InternalFailure', 500] as const],
  ])('that says %s sends nothing to anybody now', async (name, status) => {
    ses.answer(exception(name, {}, status));
    await expect(notifier().tell(recipient(), approval('asked'))).rejects.toMatchObject({
      ...{ name: 'ServiceFault', source: 'mail' },
    });
  });

  it('that breaks the connection is a fault, too', async () => {
    ses.answer({ hangUp: true });
    await expect(notifier().tell(recipient(), glass())).rejects.toMatchObject({ source: 'mail' });
  });
});
