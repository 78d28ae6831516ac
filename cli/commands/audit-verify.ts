/** `brevet audit verify`: whether exported events are as they were sealed; offline, by the format alone. */
import { createHash } from 'node:crypto';
import { type ChainLink, type FindingKind, verifyChains } from '../../lambda/contract/audit-chain.ts';
import { compareWithEarlier, type EarlierFinding } from '../../lambda/contract/audit-earlier.ts';
import { readEvents } from '../audit-events.ts';
import type { CommonFlags, Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { usage } from '../failure.ts';
import type { AuditVerdict } from '../json-documents.ts';
import type { Page } from '../output.ts';
import { type Column, tableLines } from '../render/table.ts';
import { wrap } from '../render/text.ts';

export interface VerifyFlags extends CommonFlags {
  readonly whole?: boolean;
  readonly earlier?: string;
}

type Found = AuditVerdict['findings'][number];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const MEANING: Readonly<Record<FindingKind | EarlierFinding['kind'], string>> = {
  changed: 'its hash is not the hash of what it says',
  missing: 'the chain goes on behind it',
  reordered: 'it stands behind one that came later',
  duplicated: 'it stands there more than once',
  foreign: 'it does not follow the event before it; one of the two was put there',
  gone: 'the earlier export has it, and nothing is in its place now',
  rewritten: 'the earlier export has another event in its place',
};

const COLUMNS: Column<Found>[] = [
  { title: 'FINDING', cell: ({ kind }) => ({ text: kind, emphasis: 'red' }) },
  { title: 'REQUEST', cell: (found) => (found.kind === 'unreadable' ? '' : found.requestId) },
  {
    title: 'EVENT',
    cell: (found) => {
      if (found.kind === 'unreadable') return `line ${found.line}`;
      const isRange = 'until' in found && found.until !== undefined;
      return isRange ? `${found.sequence} to ${found.until}` : String(found.sequence);
    },
  },
  { title: 'WHY', cell: (found) => (found.kind === 'unreadable' ? found.why : MEANING[found.kind]) },
];

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

const verdictLines = ({ isWhole, events, requests, findings, beginLater }: AuditVerdict, page: Page): string[] => {
  const counted = `${count(events, 'event')} of ${count(requests, 'request')}`;
  const early = beginLater.map(({ requestId, sequence }) => `  ${requestId} begins at event ${sequence}`);
  return [
    ...wrap(
      isWhole ? `Whole: ${counted}.` : `Not whole: ${count(findings.length, 'finding')} in ${counted}.`,
      page.columns,
    ),
    ...(findings.length > 0 ? ['', ...tableLines(findings, COLUMNS, page)] : []),
    ...(early.length > 0 ? ['', 'Begun before what was exported:', ...early] : []),
  ];
};

/** What is not whole itself proves nothing about another. */
const readEarlier = async (file: string): Promise<readonly ChainLink[]> => {
  const { events, unreadable } = await readEvents(file);
  if (unreadable.length === 0 && verifyChains(events, sha256).findings.length === 0) return events;
  throw usage(`--earlier ${file} is not whole itself.`, `See what is wrong with it: brevet audit verify ${file}`);
};

export const verifyEvents = async ({ output }: Context, file: string, flags: VerifyFlags): Promise<ExitCode> => {
  const { events, unreadable } = await readEvents(file);
  const report = verifyChains(events, sha256, { isWhole: flags.whole === true });
  const earlier = flags.earlier === undefined ? [] : await readEarlier(flags.earlier);
  const findings = [...unreadable, ...report.findings, ...compareWithEarlier(events, earlier, sha256)];
  const beginLater = [...report.beginLater];
  const verdict: AuditVerdict = { ...report, isWhole: findings.length === 0, findings, beginLater };
  output.answer(verdict, verdictLines);
  return verdict.isWhole ? EXIT.usable : EXIT.failed;
};
