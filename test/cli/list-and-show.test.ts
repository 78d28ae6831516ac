/** `brevet ls` and `show`: which requests are asked for, which one is meant, and what is printed of them. */
import { describe, expect, it } from 'vitest';
import type { RequestDetail } from '../../lambda/contract/api.ts';
import { signedInCommand } from './support/command-and-service.ts';
import { activeRequest, ID, ONE, OTHER_ID, page, pendingRequest, problem, REQUESTS } from './support/documents.ts';
import type { Answer } from './support/service.ts';

const { run, service } = signedInCommand();

describe('ls', () => {
  it("lists one page of one's own requests and says that there are more", async () => {
    service.answerWith({
      [`GET ${REQUESTS}`]: { body: { ...page(pendingRequest(), activeRequest({ id: OTHER_ID })), cursor: 'c2' } },
    });
    const { code, stdout, stderr } = await run(['ls']);
    expect(code).toBe(0);
    expect(service.received[0]?.query).toEqual({ view: 'mine' });
    expect(stdout.split('\n')[0]).toMatch(/^ID +STATUS +TARGET +FOR +WHEN$/);
    expect(stdout).toMatch(new RegExp(`^${ID}  pending  payments-prod/AdministratorAccess  1h`, 'm'));
    expect(stderr).toContain("--cursor 'c2'");
  });

  it('passes on view, status and cursor', async () => {
    service.answerWith({ [`GET ${REQUESTS}`]: { body: page() } });
    const { code, stdout } = await run(['ls', '--view', 'to-review', '--status', 'pending', '--cursor', 'a b+c/=']);
    expect([code, stdout]).toEqual([0, 'Nothing waits for your decision.\n']);
    expect(service.received[0]?.query).toEqual({ view: 'to-review', status: 'pending', cursor: 'a b+c/=' });
    expect(service.received[0]?.signature.valid).toBe(true);
  });

  it('reads every page with --all, into one JSON document', async () => {
    const answer: Answer = ({ query }) => ({
      body:
        query.cursor === undefined
          ? { ...page(pendingRequest()), cursor: 'next' }
          : page(activeRequest({ id: OTHER_ID })),
    });
    service.answerWith({ [`GET ${REQUESTS}`]: answer });
    const { stdout } = await run(['ls', '--all', '--json']);
    const listed = JSON.parse(stdout);
    expect(listed.items.map(({ id }: RequestDetail) => id)).toEqual([ID, OTHER_ID]);
    expect(listed).not.toHaveProperty('cursor');
  });

  it.each([
    [['ls', '--view', 'everything'], '--view "everything" is none of: mine, to-review, active, break-glass, all.'],
    [['ls', '--status', 'done'], '--status "done" is none of: pending,'],
  ])('%j exits 2 with what is possible', async (args, expected) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(expected);
  });
});

describe('show', () => {
  it('prints one request with its history', async () => {
    service.answerWith({ [`GET ${ONE}`]: { body: activeRequest() } });
    const { code, stdout } = await run(['show', ID.toLowerCase()]);
    expect(code).toBe(0);
    expect(stdout).toContain('reason        Restore the ledger after the failed migration');
    expect(stdout).toMatch(/^WHEN +WHAT +BY +STATUS$/m);
  });

  it('finds a request by the end of its id', async () => {
    service.answerWith({
      [`GET ${REQUESTS}`]: { body: page(pendingRequest()) },
      [`GET ${ONE}`]: { body: pendingRequest() },
    });
    const { code, stdout } = await run(['show', 'Z123', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(pendingRequest());
  });

  it("shows the newest of one's own when none is named, and says which", async () => {
    service.answerWith({
      [`GET ${REQUESTS}`]: { body: page(pendingRequest(), activeRequest({ id: OTHER_ID })) },
      [`GET ${ONE}`]: { body: pendingRequest() },
    });
    const { code, stdout, stderr } = await run(['show', '--json']);
    expect([code, JSON.parse(stdout).id]).toEqual([0, ID]);
    expect(stderr).toContain(`your newest request is ${ID}`);
  });

  it('exits 2 when there is none to show', async () => {
    service.answerWith({ [`GET ${REQUESTS}`]: { body: page() } });
    expect((await run(['show'])).code).toBe(2);
  });

  it('exits 2 for one that is unknown', async () => {
    service.answerWith({ [`GET ${ONE}`]: { status: 404, body: problem('request_unknown', 'There is none.') } });
    expect((await run(['show', ID])).code).toBe(2);
  });
});
