/** Puts a profile of Brevet's own into the text of an AWS config file, between marks, and touches no other line. */

export interface ProfileSection {
  /** Letters, digits and what else AWS's tools take in a profile's name; no spaces. */
  readonly name: string;
  /** In this order; values are single lines. */
  readonly keys: readonly (readonly [key: string, value: string])[];
}

export type Placed = { readonly text: string } | { readonly refused: string };

const BEGIN = '# >>> brevet ';
const END = '# <<< brevet ';
const NOTICE = ' (written by "brevet request --write-profile", and written anew by it)';

/** The profile that a line begins: as AWS's tools read `[profile name]`, `[profile "name"]` and `[default]`. */
const profileBegunBy = (line: string): string | undefined => {
  const header = /^\[(?<inside>[^\]]*)\]/.exec(line.trim())?.groups?.inside?.trim();
  if (header === undefined) return undefined;
  return /^profile\s+(?<quote>["']?)(?<name>.*)\k<quote>$/.exec(header)?.groups?.name ?? header;
};

const isHeader = (line: string): boolean => line.trim().startsWith('[');
const isMark = (line: string): boolean => line.startsWith(BEGIN) || line.startsWith(END);

const sectionLines = ({ name, keys }: ProfileSection): string[] => [
  `${BEGIN}${name}${NOTICE}`,
  `[profile ${name}]`,
  ...keys.map(([key, value]) => `${key} = ${value}`),
  `${END}${name}`,
];

interface Place {
  readonly from: number;
  /** Behind the last line. */
  readonly to: number;
}

/** Where our lines for that profile are; undefined when there are none. */
const findPlace = (lines: readonly string[], name: string): Place | undefined | 'damaged' => {
  const from = lines.findIndex((line) => line.startsWith(BEGIN) && line.slice(BEGIN.length).split(' ')[0] === name);
  if (from < 0) return undefined;
  const length = lines.slice(from + 1).findIndex((line) => isMark(line));
  const last = lines[from + 1 + length];
  if (length < 0 || last?.trimEnd() !== `${END}${name}`) return 'damaged';
  const inside = lines.slice(from + 1, from + 1 + length);
  const isOurs = inside.filter(isHeader).every((line) => profileBegunBy(line) === name);
  return isOurs ? { from, to: from + 2 + length } : 'damaged';
};

const appended = (text: string, lines: readonly string[], end: string): string => {
  const before = text === '' || text.endsWith('\n') ? text : `${text}${end}`;
  const gap = before === '' || /\n\r?\n$/.test(before) ? '' : end;
  return `${before}${gap}${lines.join(end)}${end}`;
};

/** The text with the profile in it; the same text when it is there already. */
export const withProfile = (text: string, section: ProfileSection): Placed => {
  const { name } = section;
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.split('\n');
  const place = findPlace(lines, name);
  if (place === 'damaged') {
    return { refused: `its lines between "${BEGIN.trim()} ${name}" and "${END.trim()} ${name}" are not as they were` };
  }
  const foreign = place ? [...lines.slice(0, place.from), ...lines.slice(place.to)] : lines;
  const line = foreign.findIndex((one) => profileBegunBy(one) === name);
  if (line >= 0) return { refused: `it has a profile "${name}" that is not Brevet's` };
  const own = sectionLines(section);
  if (!place) return { text: appended(text, own, end) };
  const kept = [lines.slice(0, place.from), lines.slice(place.to)] as const;
  const ending = end.slice(0, -1);
  return { text: [...kept[0], ...own.map((one) => one + ending), ...kept[1]].join('\n') };
};

/** All lines that `withProfile` has put into the text. */
export const writtenProfiles = (text: string): string => {
  const lines = text.split('\n');
  const marks = lines.flatMap((line, index) => (isMark(line) ? [{ index, isBegin: line.startsWith(BEGIN) }] : []));
  const blocks = marks.flatMap(({ index, isBegin }, order) => {
    const next = marks[order + 1];
    return isBegin && next && !next.isBegin ? [lines.slice(index, next.index + 1)] : [];
  });
  return blocks.map((block) => `\n${block.join('\n')}\n`).join('');
};
