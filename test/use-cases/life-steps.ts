/** Carries out what happens in a life, through the use cases as the handlers call them. */
import type { Person } from '../../lambda/domain/policy/facts.ts';
import { isRefusal, type Refusal } from '../../lambda/domain/refusal.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import { awaitStep } from '../../lambda/use-cases/await-step.ts';
import { beginGrant } from '../../lambda/use-cases/begin-grant.ts';
import { cancelRequest } from '../../lambda/use-cases/cancel-request.ts';
import { convergeLease } from '../../lambda/use-cases/converge-lease.ts';
import { endRequest } from '../../lambda/use-cases/end-request.ts';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { runUntilDeath } from './dying.ts';
import { count, type Life, leaseOfTuple, TARGETS, TUPLES, type Tuple, tupleOf } from './life.ts';
import type { Command, Somebody } from './life-commands.ts';
import { ACCOUNTS, type Name, PEOPLE } from './small-policy.ts';
import { later } from './small-world.ts';
import { decide, seconds, seenIn, submit } from './story.ts';

type Doing<Do extends Command['do']> = Extract<Command, { readonly do: Do }>;

/** A fault of the outside reaches whoever called; everything else that is thrown is a bug and reaches the test. */
const attempt = async <Value>(life: Life, what: string, work: Promise<Value | Refusal>): Promise<Value | undefined> => {
  try {
    const result = await work;
    count(life, isRefusal(result) ? `${what}: ${result.refused}` : what);
    return isRefusal(result) ? undefined : result;
  } catch (thrown) {
    if (!(thrown instanceof Error && thrown.name === 'ServiceFault')) throw thrown;
    count(life, `${what}: fault`);
    return undefined;
  }
};

const requestIdOf = ({ asked }: Life, number: number): string | undefined => asked[number % Math.max(1, asked.length)];

const callerOf = async ({ small }: Life, by: Somebody, requestId: string): Promise<Person> => {
  if (by !== 'requester') return PEOPLE[by];
  const request = await small.truth.readRequest(requestId);
  return { ...PEOPLE.ann, ...request?.requester };
};

/** What is stored was asked, whatever the caller was told. */
const noteAsked = async ({ small, asked }: Life): Promise<void> => {
  const listed = await small.truth.listAll({ limit: 1000 });
  const ids = listed === 'invalid-cursor' ? [] : listed.items.map(({ id }) => id);
  asked.push(...ids.filter((id) => !asked.includes(id)));
};

const ask = async (
  life: Life,
  by: Name,
  target: number,
  minutes: number,
  inMinutes: number,
): Promise<string | undefined> => {
  const [account, permissionSet] = TARGETS[target] ?? TARGETS[0];
  const start = inMinutes > 0 ? { start: addSeconds(life.small.clock.now(), inMinutes * 60) } : {};
  const wish = { durationSeconds: seconds(minutes * 60), ticket: 'CHG-1', ...start };
  const request = await attempt(life, 'submit', submit(life, { by, account, permissionSet, wish }));
  await noteAsked(life);
  return request?.id;
};

/** Asked, approved and begun, if nothing stands in the way. */
const story = async (life: Life, { by, target, minutes }: Doing<'story'>): Promise<void> => {
  const id = await ask(life, by, target, minutes, 0);
  if (!id) return;
  for (const approver of ['leo', 'sam'] as const) await attempt(life, 'vote', decide(life, id, approver));
  await attempt(life, 'begin', beginGrant(life.world, id));
};

const vote = async (life: Life, { request, by, approve, minutes }: Doing<'vote'>): Promise<void> => {
  const id = requestIdOf(life, request);
  if (!id) return;
  const shorter = minutes > 0 ? { durationSeconds: seconds(minutes * 60) } : {};
  const seen = seenIn(await life.small.truth.readRequest(id));
  await attempt(life, 'vote', decide(life, id, by, approve ? 'approve' : 'reject', { ...shorter, ...seen }));
};

const cancelOrEnd = async (life: Life, { do: what, request, by }: Doing<'cancel' | 'end'>): Promise<void> => {
  const requestId = requestIdOf(life, request);
  if (!requestId) return;
  const command = what === 'cancel' ? cancelRequest : endRequest;
  await attempt(life, what, command(life.world, { caller: await callerOf(life, by, requestId), requestId }));
};

const extend = async (life: Life, { request, by, minutes }: Doing<'extend'>): Promise<void> => {
  const requestId = requestIdOf(life, request);
  if (!requestId) return;
  const input = { caller: await callerOf(life, by, requestId), requestId, durationSeconds: seconds(minutes * 60) };
  await attempt(life, 'extend', extendRequest(life.world, input));
};

// ---------- what runs by itself ----------

export const convergeWoken = async ({ small, world }: Life): Promise<void> => {
  for (let leaseId = small.woken.shift(); leaseId !== undefined; leaseId = small.woken.shift()) {
    await convergeLease(world, leaseId, later(small, 45));
  }
};

const tupleAt = (number: number): Tuple => TUPLES[number % TUPLES.length] as Tuple;

/** One that was woken, if there is one. */
const leaseToConverge = async (life: Life, tuple: number): Promise<string> =>
  life.small.woken.shift() ?? (await leaseOfTuple(life, tupleAt(tuple))).id;

const convergeAndDie = async (life: Life, { tuple, call, death }: Doing<'converge-and-die'>): Promise<void> => {
  const leaseId = await leaseToConverge(life, tuple);
  const fate = await runUntilDeath(life.world, call, death, (world) =>
    convergeLease(world, leaseId, later(life.small, 45)),
  );
  count(life, `converge ${fate}`);
};

const step = async (life: Life, { request, step: name, lost }: Doing<'step'>): Promise<void> => {
  const requestId = requestIdOf(life, request);
  if (!requestId) return;
  life.tokens.last += 1;
  const taskToken = `token-${life.tokens.last}`;
  life.small.executions.openToken(taskToken);
  await attempt(life, `step ${name}`, awaitStep(life.world, { requestId, step: name, taskToken }));
  if (lost) life.small.executions.closeToken(taskToken);
};

export const mend = ({ small: { world, identityCenter } }: Life): void => {
  for (const port of [
    world.ledger,
    world.assignments,
    world.policies,
    world.directory,
    world.organization,
    world.workflow,
    world.converger,
  ]) {
    for (const method of Object.keys(port)) port.failNext(method as never, { times: 0 });
  }
  identityCenter.takeMilliseconds(1000);
  identityCenter.forgetPlans();
};

/** A minute passes; the sweep runs, and everything that it wakes runs for as long as it needs. */
export const quietMinute = async (life: Life): Promise<void> => {
  life.small.clock.advance(60);
  await sweep(life.world);
  await convergeWoken(life);
};

// ---------- what others do ----------

/** Others assign only where Brevet has nothing: what it made already is its own. */
const othersAssign = async (life: Life, number: number): Promise<void> => {
  const tuple = tupleAt(number);
  const { state } = await leaseOfTuple(life, tuple);
  const name = tupleOf(tuple.principalId, tuple.target);
  const isBrevets = (state.kind !== 'vacant' && state.kind !== 'standing') || isThereUnexplained(life, name);
  if (isBrevets) return;
  life.small.identityCenter.assign(tuple.principalId, tuple.target);
  life.standing.add(name);
};

const isThereUnexplained = ({ small, standing }: Life, name: string): boolean =>
  small.identityCenter.list().includes(name) && !standing.has(name);

const othersUnassign = ({ small, standing, tampered }: Life, number: number): void => {
  const { principalId, target } = tupleAt(number);
  const name = tupleOf(principalId, target);
  small.identityCenter.unassign(principalId, target);
  if (!standing.delete(name)) tampered.add(name);
};

const regroup = async ({ small: { people } }: Life, who: Name, belongs: boolean): Promise<void> => {
  const group = { id: 'group-engineers', name: 'engineers' };
  const others = (await people.memberIds(group)).filter((id) => id !== PEOPLE[who].id);
  people.putGroup({ ...group, memberIds: belongs ? [...others, PEOPLE[who].id] : others });
};

const breakCall = ({ small: { world } }: Life, { call, times, after }: Doing<'break'>): void => {
  const [port = '', method = ''] = call.split('.');
  const broken = world[port as 'ledger'];
  broken.failNext(method as never, { times, moment: after ? 'after' : 'before' });
};

export const carryOut = async (life: Life, command: Command): Promise<void> => {
  const { small } = life;
  switch (command.do) {
    case 'story':
      return story(life, command);
    case 'submit':
      return void (await ask(life, command.by, command.target, command.minutes, command.inMinutes));
    case 'vote':
      return vote(life, command);
    case 'cancel':
    case 'end':
      return cancelOrEnd(life, command);
    case 'extend':
      return extend(life, command);
    case 'pass':
      return small.clock.advance(command.seconds);
    case 'sweep':
      return void (await attempt(life, 'sweep', sweep(life.world)));
    case 'converge':
      return convergeWoken(life);
    case 'converge-one':
      return void (await convergeLease(
        life.world,
        await leaseToConverge(life, command.tuple),
        later(small, command.seconds),
      ));
    case 'converge-and-die':
      return convergeAndDie(life, command);
    case 'lose-wake-ups':
      return void small.woken.splice(0);
    case 'two-quiet-minutes':
      mend(life);
      await quietMinute(life);
      return quietMinute(life);
    case 'mend':
      return mend(life);
    case 'step':
      return step(life, command);
    case 'kill-workflow':
      return small.executions.stop(requestIdOf(life, command.request) ?? '');
    default:
      return befall(life, command);
  }
};

type Befalling = Doing<
  | 'others-assign'
  | 'others-unassign'
  | 'disable'
  | 'enable'
  | 'leave'
  | 'join'
  | 'quarantine'
  | 'release'
  | 'break'
  | 'write-fails'
  | 'write-is'
  | 'writes-take'
>;

const befall = async (life: Life, command: Befalling): Promise<void> => {
  const { people, accounts, identityCenter } = life.small;
  switch (command.do) {
    case 'others-assign':
      return othersAssign(life, command.tuple);
    case 'others-unassign':
      return othersUnassign(life, command.tuple);
    case 'disable':
    case 'enable':
      return people.putPerson({ ...PEOPLE[command.who], enabled: command.do === 'enable' });
    case 'leave':
    case 'join':
      return regroup(life, command.who, command.do === 'join');
    case 'quarantine':
      return accounts.putAccount({ ...ACCOUNTS[command.account], ouPath: 'Quarantine' });
    case 'release':
      return accounts.putAccount(ACCOUNTS[command.account]);
    case 'break':
      return breakCall(life, command);
    case 'write-fails':
      return identityCenter.failNextWrite('internal error');
    case 'write-is':
      return identityCenter.answerNextWrite(command.answer);
    case 'writes-take':
      return identityCenter.takeMilliseconds(command.milliseconds);
  }
};
