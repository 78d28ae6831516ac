/** The function that tells people, as it is deployed: what wakes it, what it sees, and what is watched of it. */
import { type MemoryLedger, tellingKey } from '../../lambda/adapters/memory/memory-ledger.ts';
import { createMemoryOutbox } from '../../lambda/adapters/memory/memory-outbox.ts';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import type { Outbox } from '../../lambda/ports/outbox.ts';
import type { TellingParts } from '../../lambda/use-cases/world.ts';
import type { Stored } from './book.ts';
import { timesWoken } from './fault-plan.ts';
import type { Functions, WholeWorld } from './functions.ts';
import type { Surroundings } from './invocation.ts';
import { createLambdaService } from './lambda-service.ts';
import type { Facts } from './laws/facts.ts';
import { type MessageLaw, messageLaw } from './laws/message-law.ts';
import { peopleFacts } from './laws/people-facts.ts';
import { toldLaw } from './laws/told-law.ts';
import { createTurns } from './laws/turns.ts';
import type { Accuse } from './laws/violation.ts';
import { createMail, type Sender } from './mail.ts';
import type { Population } from './population.ts';
import { createStream } from './stream.ts';
import type { Weather } from './weather.ts';

const MINUTE = 60_000;

export interface Tellers {
  stored(stored: Stored): void;
  warned(message: string, fields: Readonly<Record<string, unknown>>): void;
  /** The ports of whoever would tell people. */
  partsFor(sender: Sender): TellingParts;
  /** From now on the rule wakes it each minute. */
  begin(): void;
  /** Nothing is left to be told. */
  isQuiet(): boolean;
  atTheEnd(): void;
  readonly runs: () => number;
}

interface Parts extends Surroundings {
  readonly day: Weather;
  readonly span: number;
  readonly memory: MemoryLedger;
  readonly population: Population;
  readonly accuse: Accuse;
  readonly facts: Facts;
  readonly requests: () => ReadonlyMap<string, AccessRequest>;
  readonly world: () => Omit<WholeWorld, keyof TellingParts>;
  readonly tamper: (world: WholeWorld) => Partial<WholeWorld>;
  readonly tell: Functions['tell'];
}

class BrokenTell extends Error {}

/** NB. Chance is its own, so that whatever becomes of telling, everything else in the world is what it was (law 11). */
export const createTellers = (parts: Parts): Tellers => {
  const { timeline, chance, weather, note, day, memory, population, accuse, facts, requests } = parts;
  const people = peopleFacts(population);
  const turns = createTurns(timeline.now, facts);
  const known = { now: timeline.now, accuse, facts, people, turns, note };
  const messages: MessageLaw = messageLaw({ ...known, requests, skewMs: day.skewMs });
  const { span } = parts;
  const mail = createMail({
    timeline,
    chance: chance.stream('mail'),
    day,
    span,
    population,
    note,
    sent: messages.sent,
  });
  const law = toldLaw({ ...known, after: timeline.after, messages, mail: () => mail, day });

  const outbox = createMemoryOutbox(memory);
  const watched: Outbox = {
    ...outbox,
    remove: async (telling) => {
      await outbox.remove(telling);
      if (!memory.tellings.has(tellingKey(telling))) law.closed(telling);
    },
  };
  const partsFor = (sender: Sender): TellingParts => ({
    outbox: watched,
    addresses: mail.addresses,
    notifier: mail.notifierOf(sender),
  });

  const lambda = createLambdaService({
    ...parts,
    chance: chance.stream('calls'),
    onFailed: () => {},
    world: (run) => ({ ...parts.world(), ...partsFor(run) }),
    tamper: (seen) => ({ ...seen, ...parts.tamper(seen) }),
  });
  const work = async (seen: WholeWorld): Promise<unknown> => {
    if (day.tellIsBroken) throw new BrokenTell();
    return parts.tell(seen);
  };
  const wakes = chance.stream('wakes');
  const times = timesWoken(wakes, weather, note);
  const stream = createStream({
    timeline,
    chance: wakes,
    weather,
    times,
    run: () => lambda.invoke('tell', 'stream', work),
  });

  return {
    partsFor,
    warned: law.warned,
    stored: (stored) => {
      law.stored(stored);
      const isNew = ({ sequence }: { readonly sequence: number }): boolean =>
        memory.tellings.has(tellingKey({ requestId: stored.after.id, sequence }));
      if (stored.events.some(isNew)) stream.put();
    },
    begin: () => {
      const next = (): void => {
        for (let count = times(); count > 0; count -= 1) lambda.enqueue('tell', 'rule', work);
        timeline.after(MINUTE, next);
      };
      timeline.after(wakes.between(0, MINUTE), next);
    },
    isQuiet: () => day.tellIsBroken || memory.tellings.size === 0,
    atTheEnd: () => law.atTheEnd(memory.tellings.size),
    runs: lambda.runs,
  };
};
