/** Law 14 on the wire: until when credentials may outlive access, in every status in which somebody may have got some. */
import { expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { catalogEntryView, requestView } from '../../lambda/handlers/api/views.ts';
import { ACTIVE, at, BASE, ENDING, GRANTING, PENDING, SCHEDULED } from '../domain/samples.ts';
import { ACCOUNTS, PERMISSION_SETS, POLICY_TEXT, policyOf } from '../use-cases/small-policy.ts';

const TWO_HOURS = 7200;
const withSession = <Request extends AccessRequest>(request: Request): Request => ({
  ...request,
  target: { ...request.target, sessionSeconds: TWO_HOURS },
});
const FAILED: AccessRequest = { ...BASE, status: 'failed', failedAt: at('10:05'), reason: 'too late' };
const ending: AccessRequest = { ...ENDING, endsAt: at('10:00'), activeSince: at('09:00'), standing: false };

it.each<[string, AccessRequest, string | undefined]>([
  ['pending', PENDING, undefined],
  ['scheduled', SCHEDULED, undefined],
  ['granting, by its latest end', { ...GRANTING, latestEnd: at('11:00') }, '13:00'],
  ['active', { ...ACTIVE, endsAt: at('10:30'), standing: false }, '12:30'],
  ['granting, past its latest end: it may be there all the same', { ...GRANTING, latestEnd: at('10:00') }, '12:20'],
  ['active past its end: from now on', { ...ACTIVE, endsAt: at('10:00'), standing: false }, '12:20'],
  ['active by a standing assignment', { ...ACTIVE, standing: true }, undefined],
  ['ending, while the assignment is still there: from now on', ending, '12:20'],
  [
    'ending, before a clock that is behind has come to it',
    { ...ending, endsAt: at('10:30') } as AccessRequest,
    '12:30',
  ],
  ['ending, and never usable', { ...ENDING, activeSince: undefined, standing: false } as AccessRequest, undefined],
  [
    'ending, never usable, and may have stood',
    { ...ENDING, endsAt: at('10:00'), activeSince: undefined, standing: false, mayHaveStood: true } as AccessRequest,
    '12:20',
  ],
  ['failed, and nothing stood', FAILED, undefined],
  ['failed, and may have stood', { ...FAILED, mayHaveStood: true }, '12:05'],
])('%s', (_status, request, until) => {
  const view = requestView({ request: withSession(request), youMay: [] }, at('10:20'));
  expect(view.credentialsMayWorkUntil).toBe(until && new Date(at(until)).toISOString());
  expect(view.target.sessionDuration).toBe('PT2H');
});

it('ended: from when it was confirmed gone, whatever the time is', () => {
  const { status: _status, endsAt: _endsAt, ...rest } = ending as Extract<AccessRequest, { status: 'ending' }>;
  const ended = { ...rest, status: 'ended', endedAt: at('10:05') } as AccessRequest;
  const view = requestView({ request: withSession(ended), youMay: [] }, at('18:00'));
  expect(view.credentialsMayWorkUntil).toBe(new Date(at('12:05')).toISOString());
});

it('the catalogue says it before anything is asked for', () => {
  const [entitlement] = policyOf(POLICY_TEXT).entitlements;
  if (!entitlement) throw new Error('no rule');
  const permissionSet = { ...PERMISSION_SETS.Admin, sessionSeconds: 5400 };
  const { approval } = entitlement;
  const entry = {
    account: ACCOUNTS.prod,
    permissionSet,
    entitlement,
    approval: approval.map((stage) => ({ ...stage, among: [] })),
  };
  const view = catalogEntryView({ ...entry, longestSeconds: 3600, position: 0, rules: [], holding: [] });
  expect(view.sessionDuration).toBe('PT1H30M');
});
