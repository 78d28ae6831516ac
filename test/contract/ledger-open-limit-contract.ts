/** What every ledger must do about the limit of open requests a person: exact, also when many ask at once. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import type { CommitResult, Ledger } from '../../lambda/ports/ledger.ts';
import { cancelled, eventOf, idOf, MORNING, OMAR, pending } from './samples.ts';

export const describeOpenLimit = (make: () => Promise<Ledger>): void => {
  describe('the open limit', () => {
    let ledger: Ledger;
    beforeEach(async () => {
      ledger = await make();
    });

    const ask = (
      number: number,
      openLimit: number,
      differences: Partial<AccessRequest> = {},
    ): Promise<CommitResult> => {
      const after = pending(number, differences);
      return ledger.commit({ requests: [{ after, events: [eventOf(after.id, 1)] }], openLimit });
    };
    const move = async (number: number, next: (request: AccessRequest) => AccessRequest): Promise<CommitResult> => {
      const before = (await ledger.readRequest(idOf(number))) as AccessRequest;
      return ledger.commit({ requests: [{ before, after: next(before), events: [] }] });
    };

    it('refuses one open request too many, and stores nothing of it', async () => {
      expect(await ask(1, 2)).toBe('committed');
      expect(await ask(2, 2)).toBe('committed');
      expect(await ask(3, 2)).toBe('too-many-open');
      expect(await ledger.readRequest(idOf(3))).toBeUndefined();
      expect(await ledger.readEvents(idOf(3))).toEqual([]);
    });

    it('refuses everything under a limit of zero', async () => {
      expect(await ask(1, 0)).toBe('too-many-open');
    });

    it('counts each person alone', async () => {
      await ask(1, 1);
      expect(await ask(2, 1, { requester: OMAR })).toBe('committed');
      expect(await ask(3, 1)).toBe('too-many-open');
    });

    it('makes room when a request is over, however it ended', async () => {
      await ask(1, 1);
      expect(await move(1, (request) => cancelled(request))).toBe('committed');
      expect(await ask(2, 1)).toBe('committed');
      expect(await ask(3, 1)).toBe('too-many-open');
    });

    it('does not count a move from open to open', async () => {
      await ask(1, 2);
      await move(1, ({ id }) => ({ ...pending(1), id, status: 'scheduled', startsAt: MORNING }) as AccessRequest);
      expect(await ask(2, 2)).toBe('committed');
    });

    it('does not count a request that is over from the beginning', async () => {
      await ledger.commit({ requests: [{ after: cancelled(pending(1)), events: [] }], openLimit: 1 });
      expect(await ask(2, 1)).toBe('committed');
    });

    it('counts without refusing when a commit names no limit', async () => {
      await ledger.commit({ requests: [{ after: pending(1), events: [] }] });
      await ledger.commit({ requests: [{ after: pending(2), events: [] }] });
      expect(await ask(3, 2)).toBe('too-many-open');
    });

    it('calls it a conflict when the commit conflicts as well', async () => {
      await ask(1, 1);
      expect(await ask(1, 1)).toBe('conflict');
    });

    it('holds exactly when many ask at the same time', async () => {
      const askUntilDecided = async (number: number): Promise<CommitResult> => {
        const result = await ask(number, 5);
        return result === 'conflict' ? askUntilDecided(number) : result;
      };
      const results = await Promise.all(Array.from({ length: 20 }, (_, index) => askUntilDecided(index + 1)));
      expect(results.filter((result) => result === 'committed')).toHaveLength(5);
      expect(results.filter((result) => result === 'too-many-open')).toHaveLength(15);
      expect(await ledger.listOpen({ limit: 50 })).toHaveProperty('items.length', 5);
    });
  });
};
