/** The built command about broken glass: what it asks for, what it says beforehand, and what others do about it. */
import { describe, expect, it } from 'vitest';
import type { RequestDetail } from '../../lambda/contract/api.ts';
import { signedInAt } from './support/brevet.ts';
import { commandAndService } from './support/command-and-service.ts';
import {
  activeRequest,
  catalogEntry,
  EXPLANATION,
  ID,
  LEA,
  ONE,
  page,
  pendingRequest,
  problem,
  REQUESTS,
} from './support/documents.ts';

const { brevet, service } = commandAndService();

const run = (...args: readonly string[]) => brevet.run(args, { env: signedInAt(service.endpoint) });

const GLASS = {
  incident: 'INC-42',
  told: { groups: ['security'], people: [LEA] },
  reviewers: { groups: ['security'], people: [] },
  reviewBy: '2026-11-24T14:00:00.000Z',
  reviewOverdue: false,
};
const broken = (change: Partial<RequestDetail> = {}): RequestDetail =>
  activeRequest({ approval: { required: 0, groups: [], stages: [], votes: [] }, breakGlass: GLASS, ...change });
const OFFER = { maxDuration: 'PT1H', entitlement: 'payments-admin', incidentPattern: 'INC-\\d+', isOnlyWay: false };
const catalog = { body: { items: [catalogEntry({ breakGlass: OFFER })] } };
const ASK = ['request', 'payments-prod/AdministratorAccess', '--for', '1h', '--reason', 'The ledger is down'];

describe('request --break-glass', () => {
  it('sends the incident, says before what follows from it, and afterwards that nobody approved', async () => {
    service.answerWith({ 'GET /iam/v1/catalog': catalog, [`POST ${REQUESTS}`]: { status: 201, body: broken() } });
    const { code, stdout, stderr } = await run(...ASK, '--break-glass', '--incident', 'INC-42');
    expect(code).toBe(0);
    expect(service.received.at(-1)?.body).toMatchObject({ breakGlass: { incident: 'INC-42' } });
    expect(stderr).toContain('Breaking the glass for');
    expect(stderr).toContain('payments-admin: at most 1h, without approval; others are told, and review it');
    expect(stdout).toContain('for incident INC-42; nobody approved it');
    expect(stdout).toContain('by nobody yet, so the alarm goes on; told: security, Lea Brandt (lea)');
    expect(stdout).toMatch(/review +due .*, by security/);
  });

  it.each([
    [['--break-glass'], 'There is no --incident'],
    [['--incident', 'INC-42'], 'there is no --break-glass'],
    [['--break-glass', '--incident', 'INC-42', '--start', '22:00'], 'leave out --start'],
  ])('with %j exits 2 before anything is sent, and shows how', async (options, expected) => {
    service.answerWith({});
    const { code, stderr } = await run(...ASK, ...options);
    expect([code, service.received.length]).toEqual([2, 0]);
    expect(stderr).toContain(expected);
    expect(stderr).toContain('--break-glass --incident INC-42');
  });

  it.each([
    ['break_glass_not_allowed', 403, 13],
    ['incident_invalid', 422, 2],
    ['break_glass_limit', 429, 1],
    ['review_overdue', 403, 1],
    ['nobody_to_tell', 422, 13],
  ] as const)('refused with %s exits as that', async (refused, status, expected) => {
    const body = { ...problem(refused, 'No.'), status };
    service.answerWith({ 'GET /iam/v1/catalog': catalog, [`POST ${REQUESTS}`]: { status, body } });
    expect((await run(...ASK, '--break-glass', '--incident', 'INC-42')).code).toBe(expected);
  });

  it('is what again never does by itself', async () => {
    const id = { ...broken(), id: ID };
    service.answerWith({
      [`GET ${ONE}`]: { body: id },
      'GET /iam/v1/me': { body: { ...id.requester, roles: [], groups: [], openRequests: 0, toReview: 0 } },
      [`POST ${REQUESTS}`]: { status: 201, body: pendingRequest() },
    });
    const { stderr } = await run('again', ID);
    expect(stderr).toContain('this time without breaking the glass');
    expect(service.received.at(-1)?.body).not.toHaveProperty('breakGlass');
  });
});

describe('acknowledge and review', () => {
  it.each([
    [['acknowledge', ID], 'acknowledge', {}],
    [['review', ID, '--justified'], 'review', { outcome: 'justified' }],
    [['review', ID, '--not-justified', '--comment', 'No'], 'review', { outcome: 'not_justified', comment: 'No' }],
  ])('%j', async (args, action, body) => {
    service.answerWith({ [`POST ${ONE}/${action}`]: { body: broken() } });
    expect((await run(...args)).code).toBe(0);
    expect(service.received).toMatchObject([{ path: `${ONE}/${action}`, body }]);
  });

  it.each([[[]], [['--justified', '--not-justified']]])('review with %j says nothing by guess', async (options) => {
    service.answerWith({});
    const { code, stderr } = await run('review', ID, ...options);
    expect([code, service.received.length]).toEqual([2, 0]);
    expect(stderr).toContain('--justified or --not-justified');
  });

  it.each([
    ['acknowledge', 'Waiting for somebody to acknowledge it'],
    ['review', 'Waiting for your review'],
  ])('%s without an id offers what waits, and does nothing', async (action, expected) => {
    service.answerWith({ [`GET ${REQUESTS}`]: { body: page(broken({ youMay: ['acknowledge', 'review'] })) } });
    const { code, stderr } = await run(action, ...(action === 'review' ? ['--justified'] : []));
    expect(code).toBe(2);
    expect(stderr).toContain(expected);
    expect(stderr).toContain(`brevet ${action} ${ID}`);
    expect(service.received.map(({ query }) => query)).toEqual([{ view: 'break-glass' }]);
  });
});

describe('what is shown', () => {
  it('ls marks it, and show tells of the review', async () => {
    const review = {
      by: LEA,
      at: '2026-11-23T15:00:00.000Z',
      outcome: 'not_justified',
      comment: 'No incident',
    } as const;
    const shown = broken({ breakGlass: { ...GLASS, acknowledged: { by: LEA, at: review.at }, review } });
    service.answerWith({ [`GET ${REQUESTS}`]: { body: page(shown) }, [`GET ${ONE}`]: { body: shown } });
    expect((await run('ls', '--view', 'break-glass')).stdout).toContain('active, break-glass');
    expect((await run('show', ID)).stdout).toMatch(/review +not justified, says Lea Brandt \(lea\), .*: No incident/);
  });

  it('an overdue review is called that', async () => {
    service.answerWith({ [`GET ${ONE}`]: { body: broken({ breakGlass: { ...GLASS, reviewOverdue: true } }) } });
    expect((await run('show', ID)).stdout).toMatch(/review +overdue since /);
  });

  it('the catalogue says where it can be done, and where there is no other way', async () => {
    const only = { ...OFFER, isOnlyWay: true, maxDuration: 'PT30M' };
    const entries = [catalogEntry({ breakGlass: only, approvalsRequired: 0 }), catalogEntry({ accountName: 'other' })];
    service.answerWith({ 'GET /iam/v1/catalog': { body: { items: entries } } });
    const { stdout } = await run('catalog');
    expect(stdout).toMatch(/BREAK-GLASS/);
    expect(stdout).toMatch(/payments-prod\/AdministratorAccess.*break-glass only +30m/);
    expect(stdout).not.toContain('no approval needed');
  });

  it.each([
    [
      { allowed: true, entitlement: 'payments-admin', maxDuration: 'PT1H' },
      'possible by the rule payments-admin, at most 1h',
    ],
    [
      { allowed: false, refusal: { code: 'guardrail_forbids', detail: 'The guardrail "x" forbids this.' } },
      'no: The guardrail "x"',
    ],
  ])('explain says whether it could be done', async (breakGlass, expected) => {
    service.answerWith({ 'POST /iam/v1/explain': { body: { ...EXPLANATION, breakGlass } } });
    expect((await run('explain', 'payments-prod/AdministratorAccess')).stdout).toContain(expected);
  });
});
