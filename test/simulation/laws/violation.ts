/** A law of docs/law.md that was broken. */

/** Numbers as in docs/law.md. Law 11 cannot be broken here: nobody is told anything in this world yet. */
export type Law = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 12 | 13 | 14 | 15;

export interface Violation {
  readonly law: Law;
  readonly what: string;
}

export type Accuse = (law: Law, what: string) => void;
