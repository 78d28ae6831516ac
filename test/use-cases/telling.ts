/** Telling people in the small world: a run of it, and what it came to. */
import { addSeconds } from '../../lambda/domain/time.ts';
import { type TellReport, tellPeople } from '../../lambda/use-cases/tell-people.ts';
import { GLASS_POLICY_TEXT, policyOf } from './small-policy.ts';
import { type SmallWorld, smallWorld } from './small-world.ts';

export const NOTHING: TellReport = { told: 0, notTold: 0, failures: 0, oldestSeconds: 0 };
export const INCIDENT = { wish: { incident: 'INC-1' } } as const;

export const glassWorld = (): SmallWorld => {
  const small = smallWorld();
  small.published.publish(policyOf(GLASS_POLICY_TEXT));
  return small;
};

export const tell = (small: SmallWorld): Promise<TellReport> =>
  tellPeople(small.world, addSeconds(small.clock.now(), 240));

/** What was told since the last time, `leo: reminded`, in the order in which it was. */
export const news = (small: SmallWorld, from = 0): readonly string[] =>
  small.mail.sent.slice(from).map(({ recipient: { person }, news: { kind } }) => `${person.userName}: ${kind}`);
export const sorted = (small: SmallWorld): readonly string[] => [...news(small)].sort();
export const left = async (small: SmallWorld): Promise<number> => (await small.outbox.list(100)).length;
export const minutesLater = async (small: SmallWorld, minutes: number): Promise<TellReport> => {
  small.clock.advance(minutes * 60);
  return tell(small);
};
