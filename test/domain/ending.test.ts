/** The moves that end access: who, when, and what is remembered. */
import { describe, expect, it } from 'vitest';
import { becomeGone, end } from '../../lambda/domain/ending.ts';
import { ACTIVE, at, DAN, ENDING, ENDING_FAILED, EXTENDING, GRANTING, SCHEDULED } from './samples.ts';

const BY_DAN = { kind: 'person', id: DAN.id, userName: 'dan' } as const;
const EARLY = { kind: 'ended-early', by: BY_DAN } as const;

describe('end', () => {
  it('by the clock keeps the end that was promised, however late the clock is', () => {
    expect(end(ACTIVE, at('11:59'), { kind: 'clock' })).toMatchObject({
      next: { status: 'ending', endsAt: at('10:31'), cause: { kind: 'window-closed' }, activeSince: at('09:31') },
    });
  });

  it('by a person ends at once', () => {
    expect(end(ACTIVE, at('10:00'), BY_DAN)).toMatchObject({
      next: { status: 'ending', endsAt: at('10:00'), cause: EARLY, activeSince: at('09:31'), standing: false },
      fact: { actor: BY_DAN, data: { cause: 'ended-early' } },
    });
  });

  it('by a person who comes after the end leaves the end where it was', () => {
    expect(end(ACTIVE, at('10:40'), BY_DAN)).toMatchObject({ next: { status: 'ending', endsAt: at('10:31') } });
    expect(end(GRANTING, at('10:50'), BY_DAN)).toMatchObject({ next: { status: 'ending', endsAt: at('10:45') } });
  });

  it('of what is being granted ends at once, and it was never usable', () => {
    const ended = end(GRANTING, at('09:35'), BY_DAN);
    expect(ended).toMatchObject({ next: { status: 'ending', endsAt: at('09:35'), cause: EARLY, standing: false } });
    expect(ended).not.toHaveProperty('next.activeSince');
  });

  it('of what is approved and not begun is the end: nothing is there to take away', () => {
    expect(end(SCHEDULED, at('09:20'), BY_DAN)).toMatchObject({
      next: { status: 'ended', endedAt: at('09:20'), cause: EARLY, standing: false },
    });
  });

  it('remembers that the assignment stood before', () => {
    expect(end({ ...ACTIVE, standing: true }, at('10:00'), BY_DAN)).toMatchObject({ next: { standing: true } });
    expect(end({ ...ACTIVE, standing: true }, at('10:31'), { kind: 'clock' })).toMatchObject({
      next: { standing: true },
    });
  });

  it('forgets an extension that was still asked for', () => {
    expect(end(EXTENDING, at('10:00'), BY_DAN)).not.toHaveProperty('next.extension');
    expect(end(EXTENDING, at('10:31'), { kind: 'clock' })).not.toHaveProperty('next.extension');
  });

  it('tells who is late how it went', () => {
    const over = { ...ENDING, status: 'ended', endedAt: at('10:32') } as const;
    expect(end(over, at('11:00'), BY_DAN)).toMatchObject({
      refused: 'request_already_over',
      detail: 'This request is already ended: approved by cat at 2026-11-23T09:05:00.000Z.',
    });
  });
});

describe('becomeGone', () => {
  it('ends what had its time, and says since when and why', () => {
    expect(becomeGone({ ...ENDING, standing: true }, at('10:32'))).toMatchObject({
      next: {
        status: 'ended',
        endedAt: at('10:32'),
        activeSince: at('09:31'),
        cause: { kind: 'window-closed' },
        standing: true,
      },
    });
  });

  it('remembers what it went with, where that is known', () => {
    expect(becomeGone(ENDING, at('10:32'), 'user')).toMatchObject({ next: { status: 'ended', vanished: 'user' } });
    expect(becomeGone(ENDING, at('10:32'))).not.toHaveProperty('next.vanished');
  });

  it('does not say of what was never usable since when it was', () => {
    const early = { ...ENDING_FAILED, cause: EARLY };
    const gone = becomeGone(early, at('09:41'));
    expect(gone).toMatchObject({ next: { status: 'ended', cause: EARLY } });
    expect(gone).not.toHaveProperty('next.activeSince');
  });

  it('fails what was never granted, and says why', () => {
    expect(becomeGone(ENDING_FAILED, at('09:41'))).toMatchObject({
      next: { status: 'failed', failedAt: at('09:41'), reason: 'the account is suspended' },
    });
  });
});
