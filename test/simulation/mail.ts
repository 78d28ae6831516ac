/** Mail in this world: who has an address, what it takes, and what truly went out, as it is read. */
import { mailOf } from '../../lambda/adapters/mail-text.ts';
import type { News } from '../../lambda/domain/news.ts';
import type { AddressBook } from '../../lambda/ports/address-book.ts';
import type { Notifier, Recipient } from '../../lambda/ports/notifier.ts';
import type { Chance } from './chance.ts';
import type { Invocation } from './invocation.ts';
import type { Population } from './population.ts';
import type { Timeline } from './timeline.ts';
import type { Weather } from './weather.ts';

/** The run that sent it, as far as anybody sees from outside. */
export type Sender = Pick<Invocation, 'name' | 'startedAt' | 'isTroubled'>;

export interface Message {
  readonly sender: Sender;
  readonly recipient: Recipient;
  readonly news: News;
  /** As it is read. */
  readonly text: string;
}

export interface Mail {
  readonly addresses: AddressBook;
  notifierOf(sender: Sender): Notifier;
  hasAddress(personId: string): boolean;
  /** Whether their address refuses whatever comes now. */
  refuses(personId: string): boolean;
}

interface Parts {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly day: Weather;
  readonly span: number;
  readonly population: Population;
  readonly note: (what: string) => void;
  readonly sent: (message: Message) => void;
}

export const addressOf = (personId: string): string => `${personId}@example.com`;

export const createMail = ({ timeline, chance, day, span, population, note, sent }: Parts): Mail => {
  const { people } = population;
  const ids = [...people.keys()];
  const without = new Set(chance.some(ids, 0.03));
  const begin = timeline.now();
  const refusing = new Map(
    chance.some(ids, 0.05).map((id): readonly [string, number] => {
      const until = begin + chance.fraction() * span;
      return [id, day.refusesForGood ? Number.POSITIVE_INFINITY : until];
    }),
  );
  const hasAddress = (personId: string): boolean => people.has(personId) && !without.has(personId);
  const refuses = (personId: string): boolean => timeline.now() < (refusing.get(personId) ?? 0);

  return {
    hasAddress,
    refuses,
    addresses: { addressOf: async (personId) => (hasAddress(personId) ? addressOf(personId) : undefined) },
    notifierOf: (sender) => ({
      tell: async (recipient, news) => {
        if (refuses(recipient.person.id)) {
          note('mail refused');
          return { reason: 'MessageRejected' };
        }
        const { subject, text } = mailOf(recipient, news);
        note(`told ${news.kind}`);
        sent({ sender, recipient, news, text: `${subject}\n${text}` });
        return 'told';
      },
    }),
  };
};
