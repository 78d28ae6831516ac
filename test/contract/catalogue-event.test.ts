/** What an event of EventBridge asks for, and that nothing else in it is believed. */
import { describe, expect, it } from 'vitest';
import { resourcesIn } from '../../lambda/contract/catalogue-event.ts';

const ARN = 'arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-0123456789abcdef';

const fromCloudTrail = (requestParameters: unknown) => ({
  version: '0',
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.organizations',
  detail: { eventName: 'TagResource', requestParameters },
});

describe('resourcesIn', () => {
  it('is undefined when the clock called', () => {
    expect(resourcesIn({ 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} })).toBeUndefined();
  });

  it.each([
    ['an account that was tagged', { resourceId: '400000000001', tags: [{ key: 'a', value: 'b' }] }, ['400000000001']],
    ['an account that was moved', { accountId: '400000000001', sourceParentId: 'r-1' }, ['400000000001']],
    ['a permission set', { instanceArn: 'arn:aws:sso:::instance/ssoins-1', permissionSetArn: ARN }, [ARN]],
    ['a permission set that was tagged', { resourceArn: ARN }, [ARN]],
    ['an organizational unit', { organizationalUnitId: 'ou-b7e4-00000000', name: 'New' }, []],
    ['what is no id', { resourceId: '400000000001#', accountId: 400_000_000_001, permissionSetArn: `${ARN}/*` }, []],
    ['nothing', null, []],
  ])('names %s', (_, parameters, resources) => {
    expect(resourcesIn(fromCloudTrail(parameters))).toEqual(resources);
  });

  it('names nothing for an event of AWS itself, which has no such parameters', () => {
    expect(resourcesIn({ 'detail-type': 'AWS Service Event via CloudTrail', detail: { eventName: 'x' } })).toEqual([]);
  });

  it.each([undefined, null, 'event', {}])('throws for %j, which is no event', (event) => {
    expect(() => resourcesIn(event)).toThrow();
  });
});
