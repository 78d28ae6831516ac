/** A notifier that remembers what it told whom, and the addresses of people: for tests and simulations. */
import type { News } from '../../domain/news.ts';
import type { AddressBook } from '../../ports/address-book.ts';
import type { Notifier, Recipient } from '../../ports/notifier.ts';

export interface Sent {
  readonly recipient: Recipient;
  readonly news: News;
}

export interface MemoryNotifier extends Notifier {
  readonly sent: readonly Sent[];
}

/** @param refuses addresses that take nothing */
export const createMemoryNotifier = (refuses: ReadonlySet<string> = new Set()): MemoryNotifier => {
  const sent: Sent[] = [];
  return {
    sent,
    tell: async (recipient, news) => {
      if (refuses.has(recipient.address)) return { reason: 'MessageRejected' };
      sent.push({ recipient, news });
      return 'told';
    },
  };
};

/** Everybody has an address but those without one. */
export const createMemoryAddresses = (without: ReadonlySet<string> = new Set()): AddressBook => ({
  addressOf: async (personId) => (without.has(personId) ? undefined : `${personId}@example.com`),
});
