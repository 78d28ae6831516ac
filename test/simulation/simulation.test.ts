/** Seeded worlds with faults keep the law; and the simulation can fail: for each law there is a defect that it finds. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { BREAKING_ONCE_TOLD, mailIsDead } from './defects/telling-defects.ts';
import { DEFECTS, findOut } from './defects.ts';
import { type Report, type Sabotage, simulate } from './simulate.ts';
import type { Weather } from './weather.ts';

const SEEDS = 20;
/** Worlds in which a defect may hide before it must be found. */
const WORLDS_A_DEFECT = 40;
/** Much more than it takes, for machines that are busy. */
const PATIENCE_MS = 180_000;

/** Seeds that once broke a law; what they meet has changed with the code since, so each defect is also among `DEFECTS`. */
const REGRESSIONS = [59, 66, 81, 122, 128];

/** Without these the rest would prove little. */
const TO_BE_MET = [
  ...['errorBefore', 'errorAfter', 'late', 'slow', 'asleep', 'killed', 'down', 'refused'].map((kind) => `call ${kind}`),
  ...['lost', 'doubled', 'forged'].map((how) => `wake-up ${how}`),
  ...['execution deleted', 'all executions deleted', 'removed by brevet', 'removed by outside', 'taken away by hand'],
  ...['pending', 'scheduled', 'granting', 'active', 'ending', 'ended'].map((status) => `became ${status}`),
  ...['rejected', 'cancelled', 'expired', 'failed'].map((status) => `became ${status}`),
  ...['standing', 'creating', 'held', 'deleting', 'vacant'].map((state) => `lease ${state}`),
  ...['held by several', 'given up while creating', 'taken over', 'called again'],
  ...['failing', 'throttled', 'stuck', 'failing for hours', 'throttled for hours'].map(
    (how) => `identity-center ${how}`,
  ),
  ...['reminded', 'escalated', 'approved in stages', 'approved by attribute'],
  ...['extended', 'extension-asked', 'extension-voted', 'longer', 'given on call'],
  ...['asked', 'reminded', 'escalated', 'glass-broken', 'again'].map((what) => `told ${what}`),
  ...['mail refused', 'mail failing', 'mail failing for hours', 'mail failing for good', 'tell broken for good'],
  ...['to be told promptly', 'telling given up'],
  ...['round', 'baseline', 'removal begun', 'table restored', 'table emptied'].map((what) => `drift ${what}`),
  ...['lost', 'brought', 'brought twice', 'of our own'].map((how) => `event ${how}`),
  ...['assigned while active', 'removed while active', 'removed to come again'].map((what) => `by hand: ${what}`),
  ...['marked removed', 'marked assigned', 'recognised as standing'],
  ...['account missing from lists', 'permission set not elevatable'],
  ...['glass-broken', 'acknowledged', 'reviewed', 'alarm unacknowledged', 'alarm review-overdue'],
];

const brokenIn = ({ seed, broken }: Report): string | undefined =>
  broken && `law ${broken.law}: ${broken.what}; npm run simulate -- --seed ${seed} --trace`;

describe('a simulated world', () => {
  it(
    'keeps the law at every step, whatever fails',
    async () => {
      const broken: string[] = [];
      const met = new Set<string>();
      let lives = 0;
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const report = await simulate({ seed });
        lives += report.lives;
        for (const what of report.met.keys()) met.add(what);
        broken.push(...[brokenIn(report)].filter((one) => one !== undefined));
      }
      expect(broken).toEqual([]);
      expect(TO_BE_MET.filter((what) => !met.has(what))).toEqual([]);
      expect(lives).toBeGreaterThan(1000);
    },
    PATIENCE_MS,
  );

  it.each(REGRESSIONS)('keeps the law in world %i, where it was broken once', async (seed) => {
    expect(brokenIn(await simulate({ seed }))).toBeUndefined();
  });

  it('is the same for the same seed', async () => {
    expect(await simulate({ seed: 3 })).toEqual(await simulate({ seed: 3 }));
  });
});

describe('a world in which nobody can be told anything', () => {
  const withMail = (weather: Weather): Weather => ({
    ...weather,
    tellIsBroken: false,
    outages: weather.outages.filter(({ service }) => service !== 'mail'),
  });
  const inWorld = async (seed: number, sabotage: Sabotage) => {
    const { history, lives, latestMs, broken } = await simulate({ seed, sabotage });
    return { history, lives, latestMs, broken };
  };

  it.each([2, 3])(
    'is in every other respect what it is when all are told: world %i (law 11)',
    async (seed) => {
      const told = await inWorld(seed, { weather: withMail });
      expect(told.broken).toBeUndefined();
      expect(await inWorld(seed, { weather: mailIsDead })).toEqual(told);
      expect(await inWorld(seed, { weather: (weather) => ({ ...weather, tellIsBroken: true }) })).toEqual(told);
    },
    PATIENCE_MS,
  );

  it('would be another, if the glass were broken only once somebody has been told', async () => {
    const told = await inWorld(2, { weather: withMail });
    const { broken, history } = await inWorld(2, { ...BREAKING_ONCE_TOLD, weather: mailIsDead });
    expect(broken).toBeUndefined();
    expect(history).not.toBe(told.history);
  });
});

describe('a world with a defect', () => {
  it.each(DEFECTS)(
    'is found out: law $law, $what',
    async (defect) => {
      expect(await findOut(defect, WORLDS_A_DEFECT)).toBeDefined();
    },
    PATIENCE_MS,
  );

  it('is there for every law', async () => {
    const laws = (await readFile(new URL('../../docs/law.md', import.meta.url), 'utf8')).matchAll(/^(\d+)\. \*\*/gm);
    const missing = [...laws]
      .map(([, number]) => Number(number))
      .filter((law) => !DEFECTS.some((one) => one.law === law));
    expect(missing).toEqual([]);
  });
});
