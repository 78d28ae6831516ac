/** Waiting while everybody is counted: how often it is asked, what is told meanwhile, and an end in every case. */
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../cli/failure.ts';
import { onceCounted } from '../../../cli/policy/counting.ts';
import { countingText } from '../../../cli/render/who-changes.ts';
import type { Problem } from '../../../lambda/contract/problem.ts';
import { type StagedTerminal, terminalAt } from '../support/client.ts';
import { problem } from '../support/documents.ts';

const counting = (facts?: Problem['facts'], retryAfterSeconds?: number): Failure =>
  new Failure(problem('people_being_counted', 'Ask again.', facts), undefined, undefined, retryAfterSeconds);

const START = '2026-11-26T08:00:00.000Z';

/** Asks what is answered one after the other, the last again and again; a text is a good answer. */
const waitThrough = async (
  answers: readonly (Error | string)[],
  terminal: StagedTerminal = terminalAt(START),
): Promise<{ readonly asks: readonly number[]; readonly lines: readonly string[]; readonly came: unknown }> => {
  const asks: number[] = [];
  const ask = async (): Promise<string> => {
    const answer = answers[Math.min(asks.length, answers.length - 1)];
    asks.push((terminal.now() - Date.parse(START)) / 1000);
    if (typeof answer !== 'string') throw answer;
    return answer;
  };
  const came = await onceCounted(ask, terminal).catch((error: unknown) => error);
  return { asks, came, lines: terminal.err.text().split('\n').slice(0, -1) };
};

describe('waiting for everybody to be counted', () => {
  it('is none where the answer is there at once', async () => {
    expect(await waitThrough(['done'])).toEqual({ asks: [0], lines: [], came: { why: 'answered', answer: 'done' } });
  });

  it('asks again every five seconds until it is done', async () => {
    const { asks, came, lines } = await waitThrough([counting(), counting({ people: 0 }), counting(), 'done']);
    expect(asks).toEqual([0, 5, 10, 15]);
    expect(came).toEqual({ why: 'answered', answer: 'done' });
    expect(lines).toEqual(['counting everybody, which may take minutes (Ctrl-C stops the waiting only)']);
  });

  it.each([
    [12, 12],
    [0, 1],
    [3600, 30],
  ])(
    'asks again when the service says, between a second and half a minute: after %i s, %i s later',
    async (told, waited) => {
      expect((await waitThrough([counting({}, told), 'done'])).asks).toEqual([0, waited]);
    },
  );

  it('says once a minute how far it has come', async () => {
    const { lines } = await waitThrough([
      ...Array.from({ length: 12 }, () => counting({ people: 1000, groups: 0, groupsInAll: 400 })),
      counting({ people: 12_300, groups: 140, groupsInAll: 400 }),
      'done',
    ]);
    expect(lines.slice(1)).toEqual(['counting everybody: 12,300 people, 140 of 400 groups']);
  });

  it('shows on a terminal how far it has come each time', async () => {
    const terminal = terminalAt(START);
    const drawn = { ...terminal, err: { ...terminal.err, canRedraw: true } };
    const came = await onceCounted(async () => {
      // Long enough for the line to be drawn.
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (terminal.now() >= Date.parse(START) + 10_000) return 'done';
      throw counting({ people: 100 + (terminal.now() - Date.parse(START)) / 1000, groups: 2, groupsInAll: 9 });
    }, drawn);
    expect(came).toEqual({ why: 'answered', answer: 'done' });
    expect(terminal.err.text()).toMatch(/[|/\\-] counting everybody: 100 people, 2 of 9 groups/);
    expect(terminal.err.text()).toMatch(/[|/\\-] counting everybody: 105 people, 2 of 9 groups/);
    expect(terminal.err.text().endsWith('\r\u001b[K')).toBe(true);
  });

  it('ends after twenty minutes with what was said last', async () => {
    const refusal = counting({ people: 7 });
    const { asks, came } = await waitThrough([counting(), refusal]);
    expect(came).toBe(refusal);
    expect([asks.length, asks.at(-1)]).toEqual([241, 1200]);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends on %s without asking again', async (signal) => {
    const terminal: StagedTerminal = terminalAt(START, { onSleep: () => terminal.interrupt(signal) });
    const refusal = counting({ people: 7 });
    const { asks, came } = await waitThrough([refusal, 'done'], terminal);
    expect(came).toEqual({ why: 'interrupted', signal, refusal });
    expect(asks).toEqual([0]);
  });

  it('ends on Ctrl-C though the service never answers', async () => {
    const terminal = terminalAt(START);
    const refusal = counting();
    let isFirst = true;
    const ask = (): Promise<string> => {
      if (isFirst) {
        isFirst = false;
        return Promise.reject(refusal);
      }
      setImmediate(() => terminal.interrupt());
      return new Promise(() => undefined);
    };
    expect(await onceCounted(ask, terminal)).toEqual({ why: 'interrupted', signal: 'SIGINT', refusal });
  });

  it.each([
    ['at once', []],
    ['while it waits', [counting(), counting()]],
  ])('ends as asking fails, %s', async (_when, before) => {
    const found = new Failure(problem('people_not_counted', 'Not now.', { why: 'fault' }));
    const { asks, came } = await waitThrough([...before, found]);
    expect(came).toBe(found);
    expect(asks.length).toBe(before.length + 1);
  });
});

describe('how far it has come', () => {
  it.each([
    [undefined, 'counting everybody'],
    [{}, 'counting everybody'],
    [{ people: 0, groups: 0, groupsInAll: 400 }, 'counting everybody'],
    [{ people: 12_300 }, 'counting everybody: 12,300 people'],
    [{ people: 12_300, groups: 0, groupsInAll: 0 }, 'counting everybody: 12,300 people'],
    [{ people: 12_300, groups: 0, groupsInAll: 4000 }, 'counting everybody: 12,300 people, 0 of 4,000 groups'],
    [{ people: 'many', groups: 1, groupsInAll: 2 }, 'counting everybody'],
  ])('is told as far as it is known: %j', (facts, text) => {
    expect(countingText(facts)).toBe(text);
  });
});
