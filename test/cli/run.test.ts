/** `brevet run`: who gets which credentials, and that access is given back whatever happens. */
import { describe, expect, it } from 'vitest';
import { commandAtHome } from './support/command-and-service.ts';
import { ID, ONE, overRequest, pendingRequest, problem, REQUESTS } from './support/documents.ts';
import { ending, grants, held, TARGET } from './support/held-access.ts';
import { CREDENTIALS, PORTAL, portalAnswer } from './support/home.ts';
import type { Answer } from './support/service.ts';

const { called, run, service } = commandAtHome();

const wasEnded = (): boolean => called().includes(`POST ${ONE}/end`);

const RUN = ['run', TARGET, '--for', '30m', '--reason', 'Restore the ledger'];
const shell = (script: string): string[] => [...RUN, '--', 'sh', '-c', script];

describe('run', () => {
  it('gives the command the credentials, takes away what goes before them, and ends the access with its code', async () => {
    service.answerWith(grants);
    const script =
      'printf "%s\\n" "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN" "$AWS_CREDENTIAL_EXPIRATION" ' +
      '"$AWS_REGION" "$AWS_DEFAULT_REGION" "$AWS_ENDPOINT_URL" "[$AWS_PROFILE]" "$BREVET_PROFILE"; exit 7';
    const { code, stdout, stderr } = await run(shell(script));
    expect(code).toBe(7);
    expect(stdout.split('\n')).toEqual([
      CREDENTIALS.accessKeyId,
      CREDENTIALS.secretAccessKey,
      CREDENTIALS.sessionToken,
      '2098-01-01T00:00:00.000Z',
      'eu-central-1',
      'eu-central-1',
      service.endpoint,
      '[]',
      'corp',
      '',
    ]);
    expect(called()).toEqual([`POST ${REQUESTS}`, PORTAL, `GET ${ONE}`, `POST ${ONE}/end`]);
    expect(stderr).toContain('is ended; credentials: those issued before the end may still work until');
  });

  it('hands on what is typed in and every word of the command, also those that look like options', async () => {
    service.answerWith(grants);
    const { stdout } = await run([...RUN, '--', 'printf', '%s|', '--json', '--for', 'a b', '--write-profile']);
    expect(stdout).toBe('--json|--for|a b|--write-profile|');
  });

  it('waits for the portal to know of the assignment', async () => {
    let turn = 0;
    const late: Answer = (call, all) => {
      turn += 1;
      return turn === 1 ? { status: 403, body: { message: 'No access' } } : portalAnswer(call, all);
    };
    service.answerWith({ ...grants, [PORTAL]: late });
    const { code, stderr } = await run(shell('exit 0'));
    expect([code, wasEnded()]).toEqual([0, true]);
    expect(stderr).toContain('no credentials yet');
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'hands %s on to the command, lets it end in order, and then ends the access',
    async (signal) => {
      service.answerWith(grants);
      const script = `trap 'echo tidied up; exit 5' ${signal.slice(3)}; echo READY >&2; while :; do sleep 0.05; done`;
      let isSent = false;
      const { code, stdout } = await run(shell(script), {
        detached: true,
        onStderr: (text, child) => {
          if (!isSent && text.includes('READY')) isSent = child.kill(signal);
        },
      });
      expect([code, stdout, wasEnded()]).toEqual([5, 'tidied up\n', true]);
    },
  );

  it('counts a command that died by a signal as shells do', async () => {
    service.answerWith(grants);
    const { code } = await run(shell('kill -KILL $$'));
    expect([code, wasEnded()]).toEqual([137, true]);
  });

  it('takes the request back on Ctrl-C while it waits', async () => {
    const pending = pendingRequest();
    service.answerWith({
      ...grants,
      [`POST ${REQUESTS}`]: { status: 201, body: pending },
      [`GET ${ONE}`]: { body: pending },
    });
    let isSent = false;
    const { code, stdout } = await run(shell('echo ran'), {
      onStderr: (text, child) => {
        if (!isSent && text.includes('pending:')) isSent = child.kill('SIGINT');
      },
    });
    expect([code, stdout, called().at(-1)]).toEqual([130, '', `POST ${ONE}/cancel`]);
  });

  it('takes the request back when nobody decides within the time limit', async () => {
    const pending = pendingRequest();
    service.answerWith({
      ...grants,
      [`POST ${REQUESTS}`]: { status: 201, body: pending },
      [`GET ${ONE}`]: { body: pending },
    });
    const [words, command] = [RUN, ['--', 'true']];
    const { code } = await run([...words, '--timeout', '1s', ...command]);
    expect([code, called().at(-1)]).toEqual([15, `POST ${ONE}/cancel`]);
  });

  it('does not run the command when the request is rejected', async () => {
    const rejected = overRequest('rejected', 'rejected by omar');
    service.answerWith({
      ...grants,
      [`POST ${REQUESTS}`]: { status: 201, body: rejected },
      [`GET ${ONE}`]: { body: rejected },
    });
    const { code, stdout, stderr } = await run(shell('echo ran'));
    expect([code, stdout]).toEqual([11, '']);
    expect(stderr).toContain('rejected by omar');
  });

  it('asks for nothing when the command is not there', async () => {
    service.answerWith(grants);
    const { code, stderr } = await run([...RUN, '--', 'no-such-command']);
    expect([code, called()]).toEqual([127, []]);
    expect(stderr).toContain('no-such-command');
  });

  it.each([
    ['keys', 'does not say how to sign in'],
    ['expired', 'has expired'],
  ])('asks for nothing as the profile %s, with which no credentials come', async (profile, why) => {
    service.answerWith(grants);
    const { code, stderr } = await run([...RUN.slice(0, 2), '--profile', profile, ...RUN.slice(2), '--', 'true']);
    expect([code, called()]).toEqual([14, []]);
    expect(stderr).toContain(why);
  });

  it('says loudly until when access lasts when it cannot be ended, and still exits with the code of the command', async () => {
    const refusal = problem('not_permitted', 'Not yours.');
    service.answerWith({ ...grants, [`POST ${ONE}/end`]: { status: 403, body: refusal } });
    const { code, stderr } = await run(shell('exit 3'));
    expect(code).toBe(3);
    expect(stderr).toContain('THE ACCESS WAS NOT ENDED');
    expect(stderr).toMatch(/lasts +until 2097-01-01 01:00:00 \+01:00 \(00:00:00 UTC\)/);
    expect(stderr).toContain(`brevet end ${ID}`);
  });

  it('tries to end the access again when the answer is lost on the way', async () => {
    let turn = 0;
    const lost: Answer = () => {
      turn += 1;
      return turn === 1 ? { hangUp: true } : { body: ending };
    };
    service.answerWith({ ...grants, [`POST ${ONE}/end`]: lost });
    const { code, stderr } = await run(shell('exit 0'));
    expect([code, turn]).toEqual([0, 2]);
    expect(stderr).not.toContain('NOT ENDED');
  });

  it('has nothing to end when the window closed before the command did', async () => {
    const ended = held({ status: 'ended', youMay: [], endedAt: '2026-11-23T15:05:00.000Z' });
    service.answerWith({ ...grants, [`GET ${ONE}`]: { body: ended } });
    const { code, stderr } = await run(shell('exit 0'));
    expect([code, wasEnded()]).toEqual([0, false]);
    expect(stderr).toContain('was over already');
  });
});
