/** What the function may do that tells people: which items it sees, what it writes, and as whom it mails. */
import { describe, expect, it } from 'vitest';
import { TABLE_INDEXES } from '../../lambda/contract/table.ts';
import { everyRole, MEMBER, template } from './deployed-roles.ts';
import { actionsOf, policyOf, STAND_INS, verdictOn } from './policies.ts';
import { MAIL, synthesized } from './synthesized.ts';

describe('the function that tells people', () => {
  const policy = policyOf(template, 'tell');
  const onItems = (action: string, keys: readonly string[], resource: string = STAND_INS.RequestTable) => ({
    action: `dynamodb:${action}`,
    resource,
    context: Object.fromEntries(keys.length === 0 ? [] : [['dynamodb:LeadingKeys', [...keys]]]),
  });

  it.each([
    ['GetItem', ['REQUEST#01'], 'Allowed'],
    ['Query', ['REQUEST#01'], 'ImplicitlyDenied'],
    ['PutItem', ['REQUEST#01'], 'ImplicitlyDenied'],
    ['UpdateItem', ['REQUEST#01'], 'ImplicitlyDenied'],
    ['DeleteItem', ['REQUEST#01'], 'ImplicitlyDenied'],
    ['ConditionCheckItem', ['REQUEST#01'], 'ImplicitlyDenied'],
    ['BatchGetItem', ['REQUEST#01'], 'ImplicitlyDenied'],
    ['GetItem', ['LEASE#01'], 'ImplicitlyDenied'],
    ['PutItem', ['LEASE#01'], 'ImplicitlyDenied'],
    ['GetItem', ['CATALOGUE'], 'ImplicitlyDenied'],
    ['GetItem', ['TELL#01'], 'ImplicitlyDenied'],
    ['Query', ['TELL#01'], 'ImplicitlyDenied'],
    ['PutItem', ['TELL#01'], 'ImplicitlyDenied'],
    ['DeleteItem', ['TELL#01'], 'Allowed'],
    ['UpdateItem', ['TELL#01'], 'ImplicitlyDenied'],
    ['PutItem', ['TELL#01', 'REQUEST#01'], 'ImplicitlyDenied'],
    ['DeleteItem', ['TELL#01', 'LEASE#01'], 'ImplicitlyDenied'],
    ['BatchWriteItem', ['TELL#01'], 'ImplicitlyDenied'],
    ['PutItem', [], 'ImplicitlyDenied'],
    ['GetItem', [], 'ImplicitlyDenied'],
    ['Query', [], 'ImplicitlyDenied'],
    ['Scan', [], 'ImplicitlyDenied'],
    ['DeleteTable', [], 'ImplicitlyDenied'],
  ])(
    'sees a request and changes only what is still to be told: %s of items of %j is %s',
    async (action, keys, verdict) => {
      expect(await verdictOn(policy, onItems(action, keys))).toBe(verdict);
    },
  );

  const WRITTEN = ['pk', 'sk', 'open', 'askedAtId', 'forgetAt', 'version', 'data'];

  it.each([
    ['TELL#01', WRITTEN, 'Allowed'],
    ['REQUEST#01', WRITTEN, 'ImplicitlyDenied'],
    ['TELL#01', [], 'ImplicitlyDenied'],
    ...['dueShard', 'dueAtId', 'work', 'workKey', 'listed', 'requesterId', 'eventDay', 'eventAtId'].map(
      (attribute) => ['TELL#01', [...WRITTEN, attribute], 'ImplicitlyDenied'] as const,
    ),
  ] as const)('writes nothing into other lists: an item of %s with %j is %s', async (key, attributes, verdict) => {
    const { context, ...call } = onItems('PutItem', [key]);
    const named = Object.fromEntries(attributes.length === 0 ? [] : [['dynamodb:Attributes', [...attributes]]]);
    expect(await verdictOn(policy, { ...call, context: { ...context, ...named } })).toBe(verdict);
  });

  it.each([
    ['open', 'Query', ['telling'], 'Allowed'],
    ['open', 'Query', ['requests'], 'ImplicitlyDenied'],
    ['open', 'Query', ['waiting'], 'ImplicitlyDenied'],
    ['open', 'Query', ['telling', 'requests'], 'ImplicitlyDenied'],
    ['open', 'Query', [], 'ImplicitlyDenied'],
    ['open', 'Scan', [], 'ImplicitlyDenied'],
    ...Object.values(TABLE_INDEXES).flatMap(({ name }) =>
      name === 'open' ? [] : [[name, 'Query', ['telling'], 'ImplicitlyDenied'] as const],
    ),
  ] as const)('finds by the index %s (%s of %j) nothing else: %s', async (index, action, keys, verdict) => {
    expect(await verdictOn(policy, onItems(action, keys, `${STAND_INS.RequestTable}/index/${index}`))).toBe(verdict);
  });

  const identity = (name: string) => `arn:aws:ses:us-east-1:300000000001:identity/${name}`;
  const SET = 'arn:aws:ses:us-east-1:300000000001:configuration-set/brevet-mail';
  const sending = (resource: string, from: string | undefined, action = 'ses:SendEmail') => ({
    action,
    resource,
    context: Object.fromEntries(from === undefined ? [] : [['ses:FromAddress', from]]),
  });

  it.each([
    [identity('mail.example.com'), MAIL.from, 'Allowed'],
    [identity('example.com'), MAIL.from, 'Allowed'],
    [identity('brevet@mail.example.com'), MAIL.from, 'Allowed'],
    [SET, MAIL.from, 'Allowed'],
    // How SES folds the case of what it compares is not documented; it is the same mailbox.
    [identity('mail.example.com'), 'Brevet@mail.example.com', 'Allowed'],
    [identity('mail.example.com'), 'ceo@mail.example.com', 'ImplicitlyDenied'],
    [identity('example.com'), 'ceo@example.com', 'ImplicitlyDenied'],
    [SET, 'ceo@mail.example.com', 'ImplicitlyDenied'],
    [identity('mail.example.com'), undefined, 'ImplicitlyDenied'],
    [identity('com'), MAIL.from, 'ImplicitlyDenied'],
    [identity('other.example'), MAIL.from, 'ImplicitlyDenied'],
    ['arn:aws:ses:eu-west-1:300000000001:identity/mail.example.com', MAIL.from, 'ImplicitlyDenied'],
    [SET.replace('brevet-mail', 'marketing'), MAIL.from, 'ImplicitlyDenied'],
  ])('mails from one address: through %s, from %s is %s', async (resource, from, verdict) => {
    expect(await verdictOn(policy, sending(resource, from))).toBe(verdict);
  });

  it.each(['ses:SendRawEmail', 'ses:SendBulkEmail', 'ses:SendTemplatedEmail', 'ses:DeleteEmailIdentity'])(
    'does with mail nothing but send it: not %s',
    async (action) => {
      expect(await verdictOn(policy, sending(identity('mail.example.com'), MAIL.from, action))).toBe(
        'ImplicitlyDenied',
      );
    },
  );

  it.each([
    ['identitystore:DescribeUser', 'arn:aws:identitystore:::user/1', 'Allowed'],
    ['identitystore:ListGroupMemberships', 'arn:aws:identitystore:::group/1', 'Allowed'],
    ['identitystore:ListUsers', 'arn:aws:identitystore:::user/*', 'ImplicitlyDenied'],
    ['identitystore:GetUserId', 'arn:aws:identitystore:::user/1', 'ImplicitlyDenied'],
    ['identitystore:UpdateUser', 'arn:aws:identitystore:::user/1', 'ImplicitlyDenied'],
    ['dynamodb:GetItem', STAND_INS.PolicyTable, 'ImplicitlyDenied'],
    ['dynamodb:Query', STAND_INS.PolicyTable, 'ImplicitlyDenied'],
    ['sso:ListAccountAssignments', MEMBER, 'ImplicitlyDenied'],
    ['organizations:ListAccounts', '*', 'ImplicitlyDenied'],
    ['states:StartExecution', STAND_INS.AccessWorkflowAccessRequest, 'ImplicitlyDenied'],
    ['states:SendTaskSuccess', '*', 'ImplicitlyDenied'],
    ['lambda:InvokeFunction', STAND_INS.ConvergeFunction, 'ImplicitlyDenied'],
    ['dynamodb:GetRecords', `${STAND_INS.RequestTable}/stream/2026-11-26T00:00:00.000`, 'Allowed'],
    ['dynamodb:GetRecords', `${STAND_INS.PolicyTable}/stream/2026-11-26T00:00:00.000`, 'ImplicitlyDenied'],
  ])('%s on %s is %s', async (action, resource, verdict) => {
    expect(await verdictOn(policy, { action, resource })).toBe(verdict);
  });

  it('may read policy items by no key either', async () => {
    for (const key of ['POLICY#CURRENT', 'REQUEST#01', 'TELL#01']) {
      expect(await verdictOn(policy, onItems('GetItem', [key], STAND_INS.PolicyTable))).toBe('ImplicitlyDenied');
    }
  });

  it('alone mails, and alone reads the stream', () => {
    const having = (action: string) => everyRole.filter((role) => actionsOf(policyOf(template, role)).includes(action));
    expect(having('ses:SendEmail')).toEqual(['tell']);
    expect(having('dynamodb:GetRecords')).toEqual(['tell']);
  });

  it('has no right to a configuration set where the settings name none', async () => {
    const { template: plain } = synthesized({ mail: { from: MAIL.from } });
    expect(await verdictOn(policyOf(plain, 'tell'), sending(SET, MAIL.from))).toBe('ImplicitlyDenied');
  });

  it('is told what it needs and no more', () => {
    const [variables] = Object.entries(template.findResources('AWS::Lambda::Function')).flatMap(
      ([id, { Properties }]) => (id.startsWith('TellFunction') ? [Properties.Environment.Variables] : []),
    );
    expect(
      Object.keys(variables)
        .filter((name) => name.startsWith('BREVET_'))
        .sort(),
    ).toEqual(['BREVET_IDENTITY_STORE_ID', 'BREVET_MAIL', 'BREVET_REQUEST_TABLE']);
    expect(JSON.parse(variables.BREVET_MAIL)).toEqual({
      from: 'brevet@mail.example.com',
      configurationSet: 'brevet-mail',
    });
  });
});
