/** The census and its state as they are stored, checked whenever they are read: what does not fit is a fault, never less of it. */
import * as z from 'zod';
import type { Census, CensusState } from '../domain/census.ts';
import type { Person } from '../domain/policy/facts.ts';
import { count, moment, text } from './dynamo-document-parts.ts';
import { exactly, readDocument } from './dynamo-documents.ts';

const attribute = text.optional();
const person = exactly<Person>()(
  z.strictObject({
    id: text,
    userName: text,
    displayName: text,
    enabled: z.boolean(),
    attributes: z
      .strictObject({
        title: attribute,
        user_type: attribute,
        department: attribute,
        division: attribute,
        organization: attribute,
        cost_center: attribute,
        employee_number: attribute,
      })
      .optional(),
  }),
);

const censusDocument = exactly<Census>()(
  z.strictObject({ people: z.array(person), members: z.record(text, z.array(count)) }),
).refine(({ people, members }) => Object.values(members).every((places) => places.every((at) => at < people.length)), {
  message: 'a member has no place among the people',
});

/** @throws ServiceFault when the text is no census. */
export const readCensus = (json: string): Census => readDocument(censusDocument, JSON.parse(json));

const stateDocument = exactly<CensusState>()(
  z.strictObject({
    revision: count,
    taken: z.strictObject({ version: text, asOf: moment, goodUntil: moment }).optional(),
    run: z
      .strictObject({
        id: text,
        until: moment,
        progress: z.strictObject({ people: count, groups: count, groupsInAll: count }),
      })
      .optional(),
    failed: z
      .strictObject({ at: moment, why: z.enum(['identity-store', 'database', 'out-of-time', 'error']) })
      .optional(),
  }),
);

/** @throws ServiceFault when the document is not a state. */
export const readCensusState = (document: unknown): CensusState => readDocument(stateDocument, document);
