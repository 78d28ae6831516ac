/** What drift looks like on the wire. */
import type { DriftBaselineView, DriftFindingView, DriftView } from '../../contract/drift.ts';
import type { Baseline } from '../../domain/drift.ts';
import { toIso } from '../../domain/time.ts';
import type { ShownDrift, ShownFinding } from '../../use-cases/show-drift.ts';

export const baselineView = ({ takenAt, by, accepted }: Baseline): DriftBaselineView => ({
  takenAt: toIso(takenAt),
  takenBy: by.userName,
  accepted,
});

const findingView = (finding: ShownFinding): DriftFindingView => ({
  kind: finding.kind,
  accountId: finding.accountId,
  accountName: finding.accountName,
  permissionSet: finding.permissionSetName,
  principalType: finding.principalType,
  principalId: finding.principalId,
  ...(finding.userName === undefined ? {} : { userName: finding.userName }),
  since: toIso(finding.since),
  ...(finding.removingSince === undefined ? {} : { removingSince: toIso(finding.removingSince) }),
});

export const driftView = (shown: ShownDrift, mode: DriftView['mode']): DriftView => {
  const { baseline, round, lastRound } = shown.state;
  return {
    mode,
    isRemoving: shown.whyNoRemoval === undefined,
    ...(shown.whyNoRemoval && { whyNot: shown.whyNoRemoval }),
    removalsInTheLastHour: shown.removalsInTheLastHour,
    ...(baseline && { baseline: baselineView(baseline) }),
    ...(round && {
      round: {
        startedAt: toIso(round.startedAt),
        accountsDone: round.done,
        accounts: round.accounts,
        skipped: round.skipped,
      },
    }),
    ...(lastRound && {
      lastFullRound: {
        startedAt: toIso(lastRound.startedAt),
        finishedAt: toIso(lastRound.finishedAt),
        accounts: lastRound.accounts,
      },
    }),
    findings: shown.findings.map(findingView),
    ...(shown.cursor === undefined ? {} : { cursor: shown.cursor }),
  };
};
