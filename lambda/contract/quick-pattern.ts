/** Whether a regular expression is certain to be quick on a ticket: those who search back and forth can take for ever on some texts. */

/** The longest ticket. */
const LONGEST = 100;
/** Ways in which a pattern may go through a text; each costs a step or some. */
const MOST_WAYS = 2_000_000;

/** Reads a pattern that the `u` flag has found to be well-formed, and counts in how many ways it may go through a text. */
class Reader {
  private at = 0;
  private readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  /** Branches add up. Infinite where a reference back makes counting pointless. */
  branches(): number {
    let ways = this.branch();
    while (this.text[this.at] === '|') {
      this.at += 1;
      ways += this.branch();
    }
    return ways;
  }

  /** What follows one another multiplies. */
  private branch(): number {
    let ways = 1;
    while (this.at < this.text.length && this.text[this.at] !== '|' && this.text[this.at] !== ')') {
      ways *= this.repeated(this.atom());
    }
    return ways;
  }

  private atom(): number {
    const sign = this.text[this.at];
    this.at += 1;
    if (sign === '(') return this.group();
    if (sign === '[') return this.characters();
    return sign === '\\' ? this.escape() : 1;
  }

  private group(): number {
    // What kind of group it is ends with the first of these; names have none of them inside.
    const kind = /^\?(?:<?[=!]|<[^>]*>|[a-z-]*:)/.exec(this.text.slice(this.at));
    this.at += kind?.[0].length ?? 0;
    const ways = this.branches();
    this.at += 1;
    return ways;
  }

  private characters(): number {
    while (this.text[this.at] !== ']') this.at += this.text[this.at] === '\\' ? 2 : 1;
    this.at += 1;
    return 1;
  }

  private escape(): number {
    const sign = this.text[this.at] ?? '';
    this.at += 1;
    if (/[1-9k]/.test(sign)) return Number.POSITIVE_INFINITY;
    // \u{1F600} and \p{Letter}: their braces are no number of times.
    if (/[upP]/.test(sign) && this.text[this.at] === '{') this.at = this.text.indexOf('}', this.at) + 1;
    return 1;
  }

  private repeated(ways: number): number {
    const found = /^(?:[*+?]|\{(?<least>\d+)(?<more>,(?<most>\d*))?\})\??/.exec(this.text.slice(this.at));
    if (!found) return ways;
    this.at += found[0].length;
    const [sign] = found[0];
    const { least, more, most } = found.groups ?? {};
    if (sign === '?') return timesOf(ways, 0, 1);
    if (sign !== '{') return timesOf(ways, sign === '+' ? 1 : 0, LONGEST);
    return timesOf(ways, Number(least), more === undefined ? Number(least) : Number(most || LONGEST));
  }
}

/** So many times one after the other, for every number of times. */
const timesOf = (ways: number, least: number, most: number): number => {
  let sum = 0;
  for (let times = Math.min(least, LONGEST); times <= Math.min(most, LONGEST); times += 1) sum += ways ** times;
  return sum;
};

/** @param pattern a well-formed one */
export const isQuick = (pattern: string): boolean => new Reader(pattern).branches() <= MOST_WAYS;
