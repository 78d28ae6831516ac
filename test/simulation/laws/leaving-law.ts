/** Law 12: nothing that leaves carries authority; and law 8: nothing that is told to operators carries what people wrote. */
import type { Accuse } from './violation.ts';

const TOKEN = /token-(\d+|forged)/;
const WRITTEN_BY_PEOPLE = /simulated reason/;

export interface LeavingLaw {
  /** What a person is answered. */
  answered(answer: unknown): void;
  /** What operators are told. */
  reported(message: string, fields: object): void;
}

export const leavingLaw = (accuse: Accuse): LeavingLaw => ({
  answered: (answer) => {
    if (TOKEN.test(JSON.stringify(answer) ?? '')) accuse(12, 'a person is told a task token');
  },
  reported: (message, fields) => {
    const text = `${message} ${JSON.stringify(fields)}`;
    if (TOKEN.test(text)) accuse(12, `a task token is told: ${message}`);
    if (WRITTEN_BY_PEOPLE.test(text)) accuse(8, `what somebody wrote is told: ${message}`);
  },
});
