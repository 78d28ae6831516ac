/** The stand-in for CloudTrail: which calls call the search for drift, and what the event says. */
import { describe, expect, it } from 'vitest';
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
  readonly operation?: string;
  readonly key?: string;
  readonly status?: number;
  readonly answer?: object;
}): Promise<readonly unknown[]> => {
  const events: unknown[] = [];
  const deployment = deploymentOf(await readTestSeed());
  const functions = { invokeLater: (name: string, payload: string) => void events.push([name, JSON.parse(payload)]) };
  const { operation = 'CreateAccountAssignment', key = 'AKIASOMEBODY', status = 200 } = change;
  const answer = change.answer ?? { AccountAssignmentCreationStatus: { RequestId: 'r-1', Status: 'IN_PROGRESS' } };
  createCloudTrail({ functions, deployment }).record({
    target: `SWBExternalService.${operation}`,
    body: JSON.stringify(BODY),
    authorization: `AWS4-HMAC-SHA256 Credential=${key}/20261123/us-east-1/sso/aws4_request, SignedHeaders=host, Signature=0`,
    status,
    answer: JSON.stringify(answer),
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
