/** Deliberate defects, one and more for each law: each is what somebody might have written, and the simulation must find it. */
import { ACCESS_DEFECTS } from './defects/access-defects.ts';
import type { Defect } from './defects/defect.ts';
import { DRIFT_DEFECTS } from './defects/drift-defects.ts';
import { GLASS_DEFECTS } from './defects/glass-defects.ts';
import { POLICY_DEFECTS } from './defects/policy-defects.ts';
import { PUMP_DEFECTS } from './defects/pump-defects.ts';
import { REQUEST_DEFECTS } from './defects/request-defects.ts';
import { TELLING_DEFECTS } from './defects/telling-defects.ts';
import { type Report, simulate } from './simulate.ts';

export const DEFECTS: readonly Defect[] = [
  ...[...ACCESS_DEFECTS, ...DRIFT_DEFECTS, ...GLASS_DEFECTS, ...PUMP_DEFECTS],
  ...[...POLICY_DEFECTS, ...REQUEST_DEFECTS, ...TELLING_DEFECTS],
].sort((one, other) => one.law - other.law);

/** The first of so many worlds in which the defect is found out as the law that it breaks. */
export const findOut = async (
  { law, foundAs = [law], from = 1, sabotage }: Defect,
  worlds: number,
): Promise<Report | undefined> => {
  for (let seed = from; seed < from + worlds; seed += 1) {
    const report = await simulate({ seed, sabotage });
    if (report.broken && foundAs.includes(report.broken.law)) return report;
  }
  return undefined;
};
