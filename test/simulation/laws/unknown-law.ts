/** Law 9: what a run was not told is no yes. Watches one run from outside: what it was told, and what it then stored. */
import type { AccessRequest, Target } from '../../../lambda/domain/access-request.ts';
import type { Lease } from '../../../lambda/domain/lease.ts';
import type { Commit } from '../../../lambda/ports/ledger.ts';
import type { World } from '../../../lambda/use-cases/world.ts';
import type { Accuse } from './violation.ts';

/** What a question came to when it was asked last, and whether it was ever answered. */
interface Told {
  readonly last: 'failed' | 'yes' | 'no' | 'answered';
  readonly everAnswered: boolean;
}

const assignmentOf = (principalId: string, { accountId, permissionSetArn }: Target): string =>
  `assignment ${principalId} ${accountId} ${permissionSetArn}`;

/** Requests that this commit lets come nearer to access. */
const favoured = ({ requests = [] }: Commit): readonly AccessRequest[] =>
  requests.flatMap(({ before, after }) => {
    const isDecided = after.status === 'scheduled' && before?.status !== 'scheduled';
    const isUsable = after.status === 'active' && before?.status === 'granting';
    return isDecided || isUsable ? [after] : [];
  });

/** What must be known to favour a request: whatever of it was asked in this run. */
const neededFor = ({ requester, target, votes, entitled, status }: AccessRequest): readonly string[] => [
  `person ${requester.id}`,
  `groups ${requester.id}`,
  `account ${target.accountId}`,
  'policy',
  `policy ${entitled.policyVersion}`,
  // Of whoever decided: that one run of the pump asked it for another request, of theirs, is no matter of this one.
  ...(status === 'scheduled' ? votes.slice(-1).map(({ approver }) => `groups ${approver.id}`) : []),
];

const ask = (told: Map<string, Told>) => {
  const note = (about: string, last: Told['last']): void =>
    void told.set(about, { last, everAnswered: last !== 'failed' || (told.get(about)?.everAnswered ?? false) });
  return async <Answer>(about: string, question: () => Promise<Answer>): Promise<Answer> => {
    try {
      const answer = await question();
      note(about, typeof answer === 'boolean' ? (answer ? 'yes' : 'no') : 'answered');
      return answer;
    } catch (fault) {
      note(about, 'failed');
      throw fault;
    }
  };
};

export const unknownLaw = (leases: () => ReadonlyMap<string, Lease>, accuse: Accuse) => {
  /** Leases whose creation this commit intends for the first time: only after a look that found nothing. */
  const intended = (commit: Commit): readonly Lease[] =>
    (commit.leases ?? []).filter(
      ({ id, state }) => state.kind === 'creating' && (leases().get(id)?.state.kind ?? 'vacant') === 'vacant',
    );
  const judge = (told: ReadonlyMap<string, Told>, commit: Commit, intents: readonly Lease[]): void => {
    for (const request of favoured(commit)) {
      const unknown = neededFor(request).find((about) => told.get(about)?.everAnswered === false);
      if (unknown) accuse(9, `${request.id} becomes ${request.status}, though the question "${unknown}" failed`);
    }
    for (const lease of intents) {
      const last = told.get(assignmentOf(lease.principalId, lease.target))?.last ?? 'never asked';
      if (last === 'yes') accuse(4, `${lease.id} is to be created, though something stands there`);
      else if (last !== 'no') accuse(9, `${lease.id} is to be created; whether something stands there: ${last}`);
    }
  };

  /** The ports of one run, watched. */
  return (world: World): World => {
    const { ledger, directory, organization, policies, assignments } = world;
    const told = new Map<string, Told>();
    const asking = ask(told);
    return {
      ...world,
      directory: {
        ...directory,
        findById: (id) => asking(`person ${id}`, () => directory.findById(id)),
        groupsOf: (id, groups) => asking(`groups ${id}`, () => directory.groupsOf(id, groups)),
      },
      organization: {
        ...organization,
        findAccount: (id) => asking(`account ${id}`, () => organization.findAccount(id)),
      },
      policies: {
        ...policies,
        current: () => asking('policy', () => policies.current()),
        byVersion: (version) => asking(`policy ${version}`, () => policies.byVersion(version)),
      },
      assignments: {
        ...assignments,
        isAssigned: (principalId, target) =>
          asking(assignmentOf(principalId, target), () => assignments.isAssigned(principalId, target)),
      },
      ledger: {
        ...ledger,
        commit: async (commit) => {
          const intents = intended(commit);
          const result = await ledger.commit(commit);
          if (result === 'committed') judge(told, commit, intents);
          return result;
        },
      },
    };
  };
};
