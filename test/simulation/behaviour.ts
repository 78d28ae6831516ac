/** What people do: ask, decide, change their minds, end early, want more at the last moment, ask again. */
import type { AccessRequest, Audience } from '../../lambda/domain/access-request.ts';
import type { ApprovalStage } from '../../lambda/domain/approval.ts';
import { type Ballot, openStage } from '../../lambda/domain/ballot.ts';
import { isRefusal, type Refusal } from '../../lambda/domain/refusal.ts';
import { type DurationSeconds, instant } from '../../lambda/domain/time.ts';
import type { Stored } from './book.ts';
import type { Chance } from './chance.ts';
import type { Action } from './functions.ts';
import type { Accuse } from './laws/violation.ts';
import { ADMINISTRATORS, type Population } from './population.ts';
import type { Timeline } from './timeline.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

interface Parts {
  readonly timeline: Timeline;
  readonly chance: Chance;
  /** Of its own, so that worlds in which nobody breaks the glass are what they were. */
  readonly glassChance: Chance;
  readonly population: Population;
  readonly accuse: Accuse;
  readonly call: (action: Action) => Promise<AccessRequest | Refusal>;
  /** False once nobody does anything any more. */
  readonly isDay: () => boolean;
  readonly startAheadSeconds: number;
}

export interface Behaviour {
  /** Somebody asks for something. */
  ask(): void;
  /** Whoever asked for it asks for the same once more. */
  askAgain(request: AccessRequest): void;
  /** People see what became of a request, and act on it. */
  onStored(stored: Stored): void;
}

/** What a person asks for again and again: few targets each, so that windows overlap. */
const PERMISSION_SETS = ['Admin', 'Admin', 'Database', 'ReadOnly'] as const;
const wholeSeconds = (seconds: number): DurationSeconds => Math.max(1, Math.round(seconds)) as DurationSeconds;

export const createBehaviour = (parts: Parts): Behaviour => {
  const { timeline, chance, population, accuse, isDay } = parts;
  let keys = 0;

  /** A client tries again when it gets no answer, and sometimes sends twice. */
  const call = async (action: Action): Promise<AccessRequest | Refusal | undefined> => {
    if (chance.happens(0.03)) void parts.call(action).catch(() => {});
    for (let attempt = 0; attempt < 4; attempt += 1) {
      try {
        return await parts.call(action);
      } catch {
        await timeline.sleep(chance.between(1, 10) * SECOND);
      }
    }
    return undefined;
  };
  const later = (milliseconds: number, act: () => void): void =>
    timeline.after(milliseconds, () => {
      if (isDay()) act();
    });
  const nameOf = (personId: string): string => personId.replace('person-', 'user');
  const doLater = (milliseconds: number, action: () => Action): void => later(milliseconds, () => void call(action()));

  const duration = (): DurationSeconds =>
    wholeSeconds(chance.pick([chance.between(5, 60), chance.between(60, 600), chance.between(60, 3600)]));

  const askFor = (personId: string, accountId: string, permissionSet: string): void => {
    keys += 1;
    const ahead = chance.happens(0.2) ? { start: startIn(chance.between(0, parts.startAheadSeconds)) } : {};
    const asked = { durationSeconds: duration(), justification: 'simulated reason' };
    const wish = breaksGlass(permissionSet)
      ? { ...asked, ...inIncident(asked.durationSeconds) }
      : { ...asked, ...ahead };
    const idempotency = { key: `key-${keys}`, bodyHash: `body-${keys}` };
    void call({ do: 'submit', userName: nameOf(personId), target: { accountId, permissionSet }, wish, idempotency });
  };
  /** In some worlds people break the glass now and then, when they would ask an approver. */
  const isGlassy = parts.glassChance.happens(0.6);
  const breaksGlass = (permissionSet: string): boolean =>
    isGlassy && permissionSet === 'Admin' && parts.glassChance.happens(0.15);
  const inIncident = (seconds: number) => ({
    durationSeconds: wholeSeconds(Math.min(seconds, 1800)),
    incident: 'incident of a simulated reason',
  });
  const attend = ({ id, requester, breakGlass }: AccessRequest): void => {
    if (!breakGlass) return;
    const { glassChance } = parts;
    const anyOf = ({ groups, people }: Audience): string => {
      const members = groups.flatMap((group) => population.groups.get(group.id)?.memberIds ?? []);
      const right = glassChance.pickAny([...members, ...people.map((one) => one.id)]);
      const wrong = glassChance.happens(0.5) ? requester.id : glassChance.pickAny([...population.people.keys()]);
      return (glassChance.happens(0.8) ? right : wrong) ?? requester.id;
    };
    const attending = (withinMs: number, probability: number, action: () => Action): void => {
      if (glassChance.happens(probability)) doLater(glassChance.around(withinMs), action);
    };
    attending(20 * MINUTE, 0.7, () => ({ do: 'acknowledge', userName: nameOf(anyOf(breakGlass.told)), requestId: id }));
    for (const withinMs of [40 * MINUTE, 100 * MINUTE]) {
      attending(withinMs, 0.6, () => ({
        do: 'review',
        userName: nameOf(anyOf(breakGlass.reviewers)),
        requestId: id,
        outcome: glassChance.pick(['justified', 'not_justified'] as const),
        comment: 'a simulated reason',
      }));
    }
  };
  const startIn = (seconds: number) => instant(timeline.now() + 20 * SECOND + seconds * SECOND);

  /** In some worlds a few people ask for everything: then their requests overlap, and come to their limit. */
  const keen = chance.happens(0.4) ? [...population.people.values()].slice(0, chance.whole(2, 12)) : undefined;
  const ask = (): void => {
    const person = chance.pickAny(keen ?? [...population.people.values()]);
    const account = chance.pickAny([...population.accounts.values()]);
    if (person && account) askFor(person.id, account.id, chance.pick(PERMISSION_SETS));
  };
  const askAgain = ({ requester, target }: AccessRequest): void =>
    askFor(requester.id, target.accountId, target.permissionSetName);

  const withAll = (wanted: NonNullable<ApprovalStage['everybodyWith']>): readonly string[] =>
    [...population.people.values()]
      .filter(({ attributes }) => wanted.every((one) => one.values.includes(attributes?.[one.attribute] ?? '')))
      .map(({ id }) => id);
  const membersOf = ({
    groups,
    users = [],
    everybodyWith,
  }: Pick<ApprovalStage, 'groups' | 'users' | 'everybodyWith'>): readonly string[] => [
    ...groups.flatMap(({ id }) => population.groups.get(id)?.memberIds ?? []),
    ...users.map(({ id }) => id),
    ...(everybodyWith ? withAll(everybodyWith) : []),
  ];
  /** Those whose turn it is, and now and then somebody whose turn it is not yet, or never. */
  const voters = ({ approval, votes }: Ballot, requesterId: string): readonly string[] => {
    const open = openStage({ approval, votes });
    if (!open) return [];
    const others = open.stage.escalation?.escalatedAt === undefined ? [] : membersOf(open.stage.escalation);
    const able = chance.some([...new Set([...membersOf(open.stage), ...others])], 0.6);
    const eager = chance.happens(0.2)
      ? approval
          .slice(open.number + 1)
          .flatMap(membersOf)
          .slice(0, 2)
      : [];
    const early = chance.happens(0.2) && open.stage.escalation ? membersOf(open.stage.escalation).slice(0, 2) : [];
    const wrong = chance.happens(0.2)
      ? [requesterId, chance.pickAny([...population.people.keys()]) ?? requesterId]
      : [];
    return [...able.slice(0, open.stage.required + 1), ...eager, ...early, ...wrong];
  };
  const vote = (request: AccessRequest, ballot: Ballot, withinMs: number): void => {
    for (const voter of voters(ballot, request.requester.id)) {
      doLater(chance.around(withinMs), () => ({
        do: 'vote',
        userName: nameOf(voter),
        requestId: request.id,
        choice: chance.happens(0.9) ? 'approve' : 'reject',
        ...(chance.happens(0.1) ? { durationSeconds: wholeSeconds(request.durationSeconds * chance.fraction()) } : {}),
        ...extensionSeen(request),
      }));
      if (request.status === 'active' && chance.happens(0.2))
        later(chance.around(withinMs), () => void approveUnseen(request, voter));
    }
  };
  /** Whoever sees an extension says what they saw when they vote. */
  const extensionSeen = (request: AccessRequest): { readonly extendTo?: DurationSeconds } => {
    if (request.status !== 'active' || !request.extension) return {};
    const { start, activeSince, endsAt, extension } = request;
    return { extendTo: wholeSeconds((endsAt - (start ?? activeSince)) / SECOND + extension.durationSeconds) };
  };
  /** Somebody still has the request before them, as it was before more time was asked for. */
  const approveUnseen = async ({ id }: AccessRequest, voter: string): Promise<void> => {
    const answer = await call({ do: 'vote', userName: nameOf(voter), requestId: id, choice: 'approve' });
    if (answer && !isRefusal(answer)) accuse(7, `${voter} approved more time for ${id} without having seen it`);
  };

  const endSome = (request: AccessRequest, withinMs: number, probability: number): void => {
    if (!chance.happens(probability)) return;
    const personId = request.requester.id;
    later(chance.fraction() * withinMs, () => void endBy(request.id, personId));
    if (chance.happens(0.2)) later(chance.fraction() * withinMs, () => void endBy(request.id, administrator()));
  };
  const administrator = (): string =>
    chance.pickAny(population.groups.get(`group-${ADMINISTRATORS}`)?.memberIds ?? []) ?? 'person-0';
  /** Ending never needs permission to have been right: whoever is concerned is never told that they may not. */
  const endBy = async (requestId: string, personId: string): Promise<void> => {
    const answer = await call({ do: 'end', userName: nameOf(personId), requestId });
    const isRequester = requestIsOf.get(requestId) === personId;
    if (answer && isRefusal(answer) && answer.refused === 'not_permitted' && isRequester) {
      accuse(7, `${personId} may not end ${requestId}: ${answer.detail}`);
    }
  };
  const requestIsOf = new Map<string, string>();

  const extendSome = (request: AccessRequest & { readonly status: 'active' }): void => {
    if (!chance.happens(0.3)) return;
    // At the very end, more often than not.
    const left = request.endsAt - timeline.now();
    const moment = chance.happens(0.6) ? left - chance.between(-3, 8) * SECOND : left * chance.fraction();
    doLater(moment, () => ({
      do: 'extend',
      userName: nameOf(request.requester.id),
      requestId: request.id,
      durationSeconds: duration(),
    }));
  };

  const onNew = (request: AccessRequest): void => {
    requestIsOf.set(request.id, request.requester.id);
    attend(request);
    if (chance.happens(0.2)) later(chance.around(3 * MINUTE), () => askAgain(request));
    if (chance.happens(0.06)) {
      doLater(chance.around(5 * MINUTE), () => ({
        do: 'cancel',
        userName: nameOf(request.requester.id),
        requestId: request.id,
      }));
    }
  };

  /** By the status that a request has just reached. */
  const reactions: Partial<Record<AccessRequest['status'], (request: AccessRequest) => void>> = {
    scheduled: (request) => endSome(request, 10 * MINUTE, 0.05),
    granting: (request) => endSome(request, 20 * SECOND, 0.08),
    active: (request) => {
      if (request.status !== 'active') return;
      endSome(request, request.endsAt - timeline.now() + 2 * SECOND, 0.3);
      extendSome(request);
    },
    ending: (request) => askAgainSome(request),
    ended: (request) => askAgainSome(request),
  };
  const askAgainSome = (request: AccessRequest): void => {
    if (chance.happens(0.15)) later(chance.around(20 * SECOND), () => askAgain(request));
  };
  const ballotOf = (request: AccessRequest | undefined): Ballot | undefined => {
    if (request?.status === 'pending') return request;
    return request?.status === 'active' ? request.extension : undefined;
  };
  /** Which stage waits for whom. */
  const turnOf = (ballot: Ballot | undefined): string => {
    const open = ballot && openStage(ballot);
    return open ? `${open.number} ${open.stage.escalation?.escalatedAt}` : 'nobody';
  };

  return {
    ask,
    askAgain,
    onStored: ({ before, after }) => {
      if (!before) onNew(after);
      if (after.status !== before?.status) reactions[after.status]?.(after);
      const ballot = ballotOf(after);
      if (!ballot || turnOf(ballot) === turnOf(ballotOf(before))) return;
      vote(after, ballot, after.status === 'active' ? MINUTE : 10 * MINUTE);
    },
  };
};
