/** Tells one person one thing. It may fail, and then nothing else notices (law 11); nothing that it sends carries authority (law 12). */
import type { PersonRef } from '../domain/access-request.ts';
import type { News } from '../domain/news.ts';

export interface Recipient {
  readonly person: PersonRef;
  readonly address: string;
  /** Of a broken glass: whether they may acknowledge it, and review it. */
  readonly isTold: boolean;
  readonly isReviewer: boolean;
}

/** This message, or this address, was not taken, and others may be. */
export interface Refused {
  /** In the words of the service. */
  readonly reason: string;
}

export interface Notifier {
  /** At least once. @throws ServiceFault where nothing goes out now */
  tell(recipient: Recipient, news: News): Promise<'told' | Refused>;
}
