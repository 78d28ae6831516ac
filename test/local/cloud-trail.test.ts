/** The stand-in for CloudTrail: which calls call which function, and what the event says. */
import { describe, expect, it } from 'vitest';
import { resourcesIn } from '../../lambda/contract/catalogue-event.ts';
import { readDriftEvent } from '../../lambda/contract/drift-events.ts';
import { createCloudTrail } from '../../local/cloud-trail.ts';
import { deploymentOf } from '../../local/deployment.ts';
import { matchesPattern } from '../../local/event-pattern.ts';
import { readTestSeed } from '../contract/stand-in.ts';

const PERMISSION_SET = 'arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-00000000000000aa';
const USER = '906712ab3f-0c3e5a3e-0000-4000-8000-000000000001';
const BODY = {
  InstanceArn: 'arn:aws:sso:::instance/ssoins-7223c4d1e8b6a509',
  TargetId: '400000000001',
  TargetType: 'AWS_ACCOUNT',
  PermissionSetArn: PERMISSION_SET,
  PrincipalType: 'USER',
  PrincipalId: USER,
};
const OURS = 'AKIALOCALBREVET0';

const told = async (change: {
  readonly service?: string;
  readonly operation?: string;
  readonly body?: string;
  readonly key?: string;
  readonly status?: number;
  readonly answer?: object | '';
}): Promise<readonly unknown[]> => {
  const events: unknown[] = [];
  const deployment = deploymentOf(await readTestSeed());
  const functions = { invokeLater: (name: string, payload: string) => void events.push([name, JSON.parse(payload)]) };
  const {
    service = 'SWBExternalService',
    operation = 'CreateAccountAssignment',
    key = 'AKIASOMEBODY',
    status = 200,
  } = change;
  const answer = change.answer ?? { AccountAssignmentCreationStatus: { RequestId: 'r-1', Status: 'IN_PROGRESS' } };
  createCloudTrail({ functions, deployment }).record({
    target: `${service}.${operation}`,
    body: change.body ?? JSON.stringify(BODY),
    authorization: `AWS4-HMAC-SHA256 Credential=${key}/20261123/us-east-1/sso/aws4_request, SignedHeaders=host, Signature=0`,
    status,
    answer: answer === '' ? '' : JSON.stringify(answer),
  });
  return events;
};

describe('a call', () => {
  it('of somebody else calls the search for drift, with an event that it can read', async () => {
    const [[name, event] = []] = (await told({})) as [string, object][];
    expect(name).toBe('brevet-drift');
    expect(readDriftEvent(event)).toEqual({
      change: 'assigned',
      place: { accountId: '400000000001', permissionSetArn: PERMISSION_SET },
      userId: USER,
      operationId: 'r-1',
    });
  });

  it('to delete says so', async () => {
    const answer = { AccountAssignmentDeletionStatus: { RequestId: 'r-2' } };
    const [[, event] = []] = (await told({ operation: 'DeleteAccountAssignment', answer })) as [string, object][];
    expect(readDriftEvent(event)).toMatchObject({ change: 'removed', operationId: 'r-2' });
  });

  it.each([
    ['of ours', { key: OURS }],
    ['that failed', { status: 400, answer: { __type: 'com.amazonaws.swbup#ConflictException' } }],
    ['that only looks', { operation: 'ListAccountAssignments' }],
  ])('%s calls nothing', async (_, change) => {
    expect(await told(change)).toEqual([]);
  });
});

describe('a change of the organization', () => {
  const ORGANIZATIONS = 'AWSOrganizationsV20161128';

  it.each([
    ['MoveAccount', { AccountId: '400000000001', SourceParentId: 'ou-1', DestinationParentId: 'ou-2' }],
    ['TagResource', { ResourceId: '400000000001', Tags: [{ Key: 'env', Value: 'prod' }] }],
    ['UntagResource', { ResourceId: '400000000001', TagKeys: ['env'] }],
  ])('by %s wakes the reader of the organization, which finds the account in the event', async (operation, body) => {
    const call = { service: ORGANIZATIONS, operation, body: JSON.stringify(body), answer: '' as const };
    const [[name, event] = [], ...more] = (await told(call)) as [string, object][];
    expect(name).toBe('brevet-catalogue');
    expect(resourcesIn(event)).toEqual(['400000000001']);
    expect(more).toEqual([]);
  });

  it.each([
    ['of a service that is not recorded', { service: 'AWSStepFunctions', operation: 'TagResource' }],
    ['of somebody, whom the catalogue does not have', { service: 'AWSIdentityStore', operation: 'UpdateUser' }],
    ['that only looks', { service: ORGANIZATIONS, operation: 'ListAccounts' }],
  ])('%s wakes nobody', async (_, call) => {
    expect(await told(call)).toEqual([]);
  });

  it('that nobody could read is still answered', async () => {
    const refused = { status: 400, answer: { __type: 'SerializationException' } };
    const [[, event] = []] = (await told({
      service: ORGANIZATIONS,
      operation: 'MoveAccount',
      body: '{',
      ...refused,
    })) as [string, object][];
    expect(event).toMatchObject({ detail: { errorCode: 'SerializationException', requestParameters: null } });
    expect(resourcesIn(event)).toEqual([]);
  });
});

describe('what is read of an event', () => {
  const event = (detail: object) => ({
    source: 'aws.sso',
    detail: { eventName: 'CreateAccountAssignment', ...detail },
  });

  it.each([
    ['another source', { ...event({}), source: 'aws.events' }, undefined],
    ['another call', event({ eventName: 'CreatePermissionSet' }), undefined],
    ['nothing at all', undefined, undefined],
    ['a text', 'aws.sso', undefined],
    ['no parameters', event({ requestParameters: null, responseElements: null }), { change: 'assigned' }],
    [
      'the console',
      event({ eventName: 'DisassociateProfile', requestParameters: { profileId: 'p-1' } }),
      { change: 'removed' },
    ],
    [
      'an account that is none',
      event({ requestParameters: { targetId: '4', permissionSetArn: PERMISSION_SET } }),
      { change: 'assigned' },
    ],
    [
      'parameters of other types',
      event({ requestParameters: { targetId: 4, permissionSetArn: [] } }),
      { change: 'assigned' },
    ],
    [
      'a group',
      event({
        requestParameters: {
          targetId: '400000000001',
          permissionSetArn: PERMISSION_SET,
          principalType: 'GROUP',
          principalId: USER,
        },
      }),
      { change: 'assigned', place: { accountId: '400000000001', permissionSetArn: PERMISSION_SET } },
    ],
    [
      'a role',
      event({ userIdentity: { sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::1:role/x' } } } }),
      { change: 'assigned', roleArn: 'arn:aws:iam::1:role/x' },
    ],
  ])('of %s', (_, given, expected) => {
    expect(readDriftEvent(given)).toEqual(expected);
  });
});

describe('a pattern', () => {
  it.each([
    [{ a: ['x'] }, { a: 'x' }, true],
    [{ a: ['x'] }, { a: 'y' }, false],
    [{ a: ['x'] }, {}, false],
    [{ a: { b: ['x'] } }, { a: { b: 'x' } }, true],
    [{ a: { b: ['x'] } }, {}, false],
    [{ a: [{ exists: false }] }, {}, true],
    [{ a: [{ exists: false }] }, { a: 'x' }, false],
    [{ a: [{ exists: true }] }, { a: 'x' }, true],
    [{ a: [{ 'anything-but': ['x'] }] }, { a: 'y' }, true],
    [{ a: [{ 'anything-but': ['x'] }] }, { a: 'x' }, false],
    [{ a: [{ 'anything-but': ['x'] }] }, {}, false],
    [{ $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: 'y' }, true],
    [{ $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: 'x' }, false],
  ])('%j on %j: %s', (pattern, event, expected) => {
    expect(matchesPattern(pattern, event)).toBe(expected);
  });

  it('with a matcher that is not known here is a mistake, not a match', () => {
    expect(() => matchesPattern({ a: [{ prefix: 'x' }] }, { a: 'xy' })).toThrow(/no such matcher/);
  });
});
