/** A law of docs/law.md that was broken. */

/** Numbers as in docs/law.md. */
export type Law = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15;

export interface Violation {
  readonly law: Law;
  readonly what: string;
}

export type Accuse = (law: Law, what: string) => void;
