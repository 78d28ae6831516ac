/** Emphasis: never the only sign of anything, and nothing at all where the screen has no colours. */
import type { RequestView } from '../../lambda/contract/api.ts';
import type { Screen } from '../terminal.ts';

const SEQUENCES = { bold: [1, 22], faint: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;
/** Back to the start of the line, and it is empty. */
export const ERASE_LINE = '\r\u001b[K';

export type Emphasis = keyof typeof SEQUENCES;

export type Style = (emphasis: Emphasis | undefined, text: string) => string;

export const styleFor = ({ hasColours }: Pick<Screen, 'hasColours'>): Style =>
  hasColours
    ? (emphasis, text) => {
        if (emphasis === undefined || text === '') return text;
        const [on, off] = SEQUENCES[emphasis];
        return `\u001b[${on}m${text}\u001b[${off}m`;
      }
    : (_emphasis, text) => text;

export const STATUS_EMPHASIS: Partial<Record<RequestView['status'], Emphasis>> = {
  pending: 'yellow',
  scheduled: 'yellow',
  granting: 'yellow',
  active: 'green',
  rejected: 'red',
  failed: 'red',
};
