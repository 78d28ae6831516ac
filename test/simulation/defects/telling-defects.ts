/** Defects of telling people: somebody is forgotten, told twice, or told what is not theirs; or everything else waits for it. */
import type { AccessRequest } from '../../../lambda/domain/access-request.ts';
import { addSeconds } from '../../../lambda/domain/time.ts';
import type { RequestChange } from '../../../lambda/ports/ledger.ts';
import type { Outbox } from '../../../lambda/ports/outbox.ts';
import { FUNCTIONS, type WholeWorld } from '../functions.ts';
import type { Weather } from '../weather.ts';
import { type Defect, ledgerOf, STORMY, tampering } from './defect.ts';

const outboxOf =
  (change: (outbox: Outbox) => Partial<Outbox>) =>
  ({ outbox }: WholeWorld): Partial<WholeWorld> => ({ outbox: { ...outbox, ...change(outbox) } });

/** The request as whoever tells people reads it. */
const reading = (change: (request: AccessRequest) => AccessRequest) =>
  tampering(
    ledgerOf((ledger) => ({
      readRequest: async (id) => {
        const request = await ledger.readRequest(id);
        return request && change(request);
      },
    })),
    'tell',
  );

/** As it was when it was asked, and for good. */
const asItWas = (request: AccessRequest): AccessRequest => ({
  ...request,
  status: 'pending',
  votes: [],
  expiresAt: addSeconds(request.askedAt, 86_400),
});

const mailFails =
  (from: string, until: number) =>
  (weather: Weather): Weather => ({
    ...weather,
    tellIsBroken: false,
    outages: [
      ...weather.outages.filter(({ service }) => service !== 'mail'),
      { service: 'mail', affliction: 'failing', from: Date.parse(from), until },
    ],
  });
export const mailIsDead = mailFails('2026-11-23T09:00:00Z', Number.POSITIVE_INFINITY);
const noMailForTwoHours = mailFails('2026-11-23T09:30:00Z', Date.parse('2026-11-23T11:30:00Z'));

/** Where the glass was broken, nothing of that kind is stored before whoever broke it has been told. */
const tellingFirst =
  (isTime: (change: RequestChange) => boolean) =>
  ({ ledger, notifier }: WholeWorld): Partial<WholeWorld> => ({
    ledger: {
      ...ledger,
      commit: async (commit) => {
        for (const { after: request } of (commit.requests ?? []).filter(isTime)) {
          const { requester: person, breakGlass } = request;
          if (!breakGlass) continue;
          const recipient = { person, address: `${person.id}@example.com`, isTold: false, isReviewer: false };
          await notifier.tell(recipient, { kind: 'glass-broken', request, breakGlass });
        }
        return ledger.commit(commit);
      },
    },
  });
const ENDING_ONCE_TOLD = tampering(
  tellingFirst(({ after }) => after.status === 'ending'),
  'sweep',
  'workflow',
  'converge',
);
/** Breaks no other law: nobody is given anything. */
export const BREAKING_ONCE_TOLD = tampering(
  tellingFirst(({ before }) => before === undefined),
  'api',
);

export const TELLING_DEFECTS: readonly Defect[] = [
  {
    law: 11,
    what: 'what a killed run had begun to tell is told to nobody any more',
    sabotage: {
      ...tampering(
        outboxOf((outbox) => ({
          list: async (limit) => (await outbox.list(limit)).filter(({ attempts }) => attempts === 0),
        })),
        'tell',
      ),
      weather: (weather) => ({ ...weather, calm: false, tellIsBroken: false, calls: { ...STORMY, killed: 0.05 } }),
    },
  },
  {
    law: 11,
    what: 'whoever is not reached at once is forgotten',
    sabotage: {
      ...tampering(
        outboxOf((outbox) => ({
          keep: async (telling, nextAt) => {
            const kept = await outbox.keep(telling, nextAt);
            const isPutOff = telling.attempts > 0 && telling.nextAt !== nextAt && telling.version > 1;
            if (kept && isPutOff) await outbox.remove(kept);
            return kept;
          },
        })),
        'tell',
      ),
      weather: noMailForTwoHours,
    },
  },
  {
    law: 11,
    what: 'that nobody was told is told to nobody',
    sabotage: { ...tampering(() => ({ reporter: { warn: () => {} } }), 'tell'), weather: mailIsDead },
  },
  {
    law: 11,
    what: 'access ends once whoever broke the glass has been told',
    foundAs: [3, 9, 11],
    sabotage: { ...ENDING_ONCE_TOLD, weather: mailIsDead },
  },
  {
    law: 11,
    what: 'whoever asked is told of it, and asked to decide on it',
    sabotage: reading((request) => ({ ...request, requester: { ...request.requester, id: 'nobody' } })),
  },
  {
    law: 11,
    what: 'whoever was disabled goes on being told',
    sabotage: tampering(
      ({ directory }) => ({
        directory: {
          ...directory,
          recall: async (id) => {
            const person = await directory.recall(id);
            return person && { ...person, enabled: true };
          },
        },
      }),
      'tell',
    ),
  },
  {
    law: 11,
    what: 'whoever is woken tells everything, whoever is at it',
    from: 2,
    sabotage: tampering(
      outboxOf((outbox) => ({
        list: async (limit) => (await outbox.list(limit)).map((telling) => ({ ...telling, nextAt: telling.at })),
        keep: async (telling, nextAt) => (await outbox.keep(telling, nextAt)) ?? telling,
      })),
      'tell',
    ),
  },
  {
    law: 11,
    what: 'people are asked to decide on what is decided, or waits for others',
    sabotage: { ...reading(asItWas), weather: noMailForTwoHours },
  },
  {
    law: 11,
    what: 'a reminder goes to those who voted, too',
    sabotage: {
      functions: {
        tell: (world) =>
          FUNCTIONS.tell({
            ...world,
            ledger: {
              ...world.ledger,
              readRequest: async (id) => {
                const request = await world.ledger.readRequest(id);
                const votes = (request?.votes ?? []).map((vote) => ({
                  ...vote,
                  approver: { ...vote.approver, id: 'nobody' },
                }));
                return request && { ...request, votes };
              },
            },
          }),
      },
    },
  },
  {
    law: 12,
    what: 'a mail names the link of the chain by its hash',
    sabotage: reading((request) => ({ ...request, justification: `see ${request.trail.hash}` })),
  },
];
