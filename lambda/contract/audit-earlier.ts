/**
 * Compares an export with an earlier one, of a window inside its own: what no chain can show by itself, that its newest
 * events or a whole chain were left out, or that it was made anew, an export kept elsewhere does.
 */
import { type ChainLink, groupedBy, type Sha256, trueHashOf } from './audit-chain.ts';

export const EARLIER_FINDING_KINDS = [
  /** It is in the earlier export, and nothing is in its place now. */
  'gone',
  /** The earlier export has another event in its place. */
  'rewritten',
] as const;

export interface EarlierFinding {
  readonly kind: (typeof EARLIER_FINDING_KINDS)[number];
  readonly requestId: string;
  readonly sequence: number;
}

const placeOf = ({ requestId, sequence }: ChainLink): string => `${sequence} ${requestId}`;

/** @param earlier is whole itself; each event of it has to be in the export as it was. In the earlier one's order. */
export const compareWithEarlier = (
  events: readonly ChainLink[],
  earlier: readonly ChainLink[],
  sha256: Sha256,
): readonly EarlierFinding[] => {
  const now = groupedBy(events, placeOf);
  return earlier.flatMap((event): readonly EarlierFinding[] => {
    const { requestId, sequence } = event;
    const here = now.get(placeOf(event));
    if (here === undefined) return [{ kind: 'gone', requestId, sequence }];
    const trueHash = trueHashOf(event, sha256);
    if (here.some((one) => trueHashOf(one, sha256) === trueHash)) return [];
    return [{ kind: 'rewritten', requestId, sequence }];
  });
};
