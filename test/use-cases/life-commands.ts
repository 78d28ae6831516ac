/** Everything that may happen in a life, by people, by time, by Identity Center, and by things that break. */
import fc from 'fast-check';
import type { WaitingStep } from '../../lambda/domain/workflow-step.ts';
import type { WriteStarted } from '../../lambda/ports/assignments.ts';
import type { Death } from './dying.ts';
import { REQUESTERS, TARGETS, TUPLES } from './life.ts';
import type { Name } from './small-policy.ts';

/** A person, or whoever asked for the request in question. */
export type Somebody = Name | 'requester';

/** Requests and leases are named by numbers that are taken modulo how many there are. */
export type Command =
  | {
      readonly do: 'submit';
      readonly by: Name;
      readonly target: number;
      readonly minutes: number;
      readonly inMinutes: number;
    }
  | {
      readonly do: 'vote';
      readonly request: number;
      readonly by: Name;
      readonly approve: boolean;
      readonly minutes: number;
    }
  | { readonly do: 'cancel' | 'end'; readonly request: number; readonly by: Somebody }
  | { readonly do: 'extend'; readonly request: number; readonly by: Somebody; readonly minutes: number }
  | { readonly do: 'story'; readonly by: Name; readonly target: number; readonly minutes: number }
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'sweep' | 'converge' | 'lose-wake-ups' | 'two-quiet-minutes' | 'mend' }
  | { readonly do: 'converge-one'; readonly tuple: number; readonly seconds: number }
  | { readonly do: 'converge-and-die'; readonly tuple: number; readonly call: number; readonly death: Death }
  | { readonly do: 'step'; readonly request: number; readonly step: WaitingStep; readonly lost: boolean }
  | { readonly do: 'kill-workflow'; readonly request: number }
  | { readonly do: 'others-assign' | 'others-unassign'; readonly tuple: number }
  | { readonly do: 'disable' | 'enable' | 'leave' | 'join'; readonly who: Name }
  | { readonly do: 'quarantine' | 'release'; readonly account: 'prod' | 'other' }
  | { readonly do: 'break'; readonly call: string; readonly times: number; readonly after: boolean }
  | { readonly do: 'write-fails' }
  | { readonly do: 'write-is'; readonly answer: Exclude<WriteStarted, { kind: 'started' }> }
  | { readonly do: 'writes-take'; readonly milliseconds: number };

/** Calls that may break, as `port.method`. */
const BREAKABLE = [
  'ledger.readLease',
  'ledger.readRequest',
  'ledger.commit',
  'ledger.listWaiting',
  'ledger.readBeside',
  'assignments.isAssigned',
  'assignments.create',
  'assignments.delete',
  'assignments.creationStatus',
  'assignments.deletionStatus',
  'policies.current',
  'policies.byVersion',
  'directory.findById',
  'directory.groupsOf',
  'organization.findAccount',
  'workflow.answer',
  'workflow.start',
  'converger.wake',
];

const anyRequest = fc.nat(9);
const anyTuple = fc.nat(TUPLES.length - 1);
const anyTarget = fc.nat(TARGETS.length - 1);
const anyRequester = fc.constantFrom<Name>(...REQUESTERS);
const anyVoter = fc.constantFrom<Name>('leo', 'lea', 'sam', 'leo', 'lea', 'ann', 'eve');
const anybody = fc.constantFrom<Somebody>('requester', 'requester', 'requester', 'bob', 'leo', 'ada', 'eve');
const anyMinutes = fc.integer({ min: 1, max: 150 });

const of = <Do extends Command['do']>(name: Do) => fc.constant(name);

/** A request on its way, all for the same target and the same person, so that they meet. */
export const anyStory: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: of('story'),
      by: fc.constant<Name>('ann'),
      target: fc.constant(0),
      minutes: anyMinutes,
    }),
  },
  fc.record({ do: of('converge') }),
  fc.record({ do: of('pass'), seconds: fc.constantFrom(60, 3600) }),
);

/** What may happen to them at the same moment. */
export const anyRacer: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: of('converge-one'), tuple: fc.constant(0), seconds: fc.constantFrom(5, 45) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('cancel', 'end'),
      request: fc.nat(2),
      by: fc.constant('requester' as const),
    }),
  },
  fc.record({ do: of('story'), by: fc.constant<Name>('ann'), target: fc.constant(0), minutes: anyMinutes }),
  fc.record({ do: of('extend'), request: fc.nat(2), by: fc.constant('requester' as const), minutes: anyMinutes }),
  fc.record({ do: of('step'), request: fc.nat(2), step: fc.constantFrom('grant', 'end'), lost: fc.constant(false) }),
  fc.record({ do: of('pass'), seconds: fc.constantFrom(1, 31, 3600) }),
  fc.record({ do: fc.constantFrom('sweep', 'converge') }),
);

const byPeople: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: of('story'), by: anyRequester, target: anyTarget, minutes: anyMinutes }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: of('submit'),
      by: anyRequester,
      target: anyTarget,
      minutes: anyMinutes,
      inMinutes: fc.constantFrom(0, 0, 10, 60),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: of('vote'),
      request: anyRequest,
      by: anyVoter,
      approve: fc.constantFrom(true, true, true, false),
      minutes: fc.constantFrom(0, 0, 5, 300),
    }),
  },
  fc.record({ do: fc.constantFrom('cancel', 'end'), request: anyRequest, by: anybody }),
  {
    weight: 2,
    arbitrary: fc.record({ do: of('extend'), request: anyRequest, by: anybody, minutes: anyMinutes }),
  },
);

const byTime: fc.Arbitrary<Command> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: of('pass'), seconds: fc.constantFrom(1, 20, 31, 60, 300, 900, 3600) }) },
  { weight: 2, arbitrary: fc.record({ do: of('sweep') }) },
  { weight: 4, arbitrary: fc.record({ do: of('converge') }) },
  fc.record({ do: of('two-quiet-minutes') }),
  fc.record({ do: of('converge-one'), tuple: anyTuple, seconds: fc.constantFrom(0.1, 1, 5, 60) }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: of('step'),
      request: anyRequest,
      step: fc.constantFrom('await-decision', 'grant', 'grant', 'end'),
      lost: fc.boolean(),
    }),
  },
);

const byOthers: fc.Arbitrary<Command> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('others-assign', 'others-unassign'), tuple: anyTuple }) },
  fc.record({ do: fc.constantFrom('disable', 'enable', 'enable', 'leave', 'join', 'join'), who: anyRequester }),
  fc.record({ do: fc.constantFrom('quarantine', 'release', 'release'), account: fc.constantFrom('prod', 'other') }),
);

const byMisfortune: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: of('break'),
      call: fc.constantFrom(...BREAKABLE),
      times: fc.integer({ min: 1, max: 3 }),
      after: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: of('converge-and-die'),
      tuple: anyTuple,
      call: fc.integer({ min: 1, max: 30 }),
      death: fc.constantFrom('before', 'after'),
    }),
  },
  fc.record({ do: fc.constantFrom('lose-wake-ups', 'mend', 'mend', 'write-fails') }),
  fc.record({ do: of('kill-workflow'), request: anyRequest }),
  fc.record({
    do: of('write-is'),
    answer: fc.constantFrom(
      { kind: 'busy', code: 'ConflictException' },
      { kind: 'refused', code: 'AccessDeniedException', reason: 'no' },
    ),
  }),
  fc.record({ do: of('writes-take'), milliseconds: fc.constantFrom(0, 1000, 1000, 40_000, Number.POSITIVE_INFINITY) }),
);

export const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: byPeople },
  { weight: 6, arbitrary: byTime },
  { weight: 2, arbitrary: byOthers },
  { weight: 3, arbitrary: byMisfortune },
);
