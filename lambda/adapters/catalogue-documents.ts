/** The catalogue's sections as text and back, checked whenever they are read: what does not fit is a fault, never less of it. */
import * as z from 'zod';
import type { CatalogueState, ListedGroup, OrganizationContent } from '../domain/catalogue.ts';
import type { SurveyNotes } from '../domain/survey-notes.ts';
import type { SectionName, Sections } from '../ports/catalogue-store.ts';
import { moment } from './dynamo-document-parts.ts';
import { exactly, readDocument } from './dynamo-documents.ts';

const text = z.string();
const tags = z.record(text, text);
const account = z.strictObject({
  id: text,
  name: text,
  ouPath: text,
  active: z.boolean(),
  forbidden: z.enum(['management-account', 'hosting-account']).optional(),
  guarded: z.literal(true).optional(),
  tags: tags.optional(),
});
const permissionSet = z.strictObject({ arn: text, name: text, sessionSeconds: z.number(), tags: tags.optional() });
const group = z.strictObject({ id: text, name: text });

const organization = exactly<OrganizationContent>()(
  z.strictObject({
    accounts: z.array(account),
    units: z.array(text),
    permissionSets: z.array(
      permissionSet.extend({ outOfReach: z.literal('provisioned-in-management-account').optional() }),
    ),
  }),
);
const groups = exactly<readonly ListedGroup[]>()(z.array(group));
const notes = exactly<SurveyNotes>()(
  z.strictObject({
    accounts: z.strictObject({ readAt: moment, found: z.array(account), units: z.array(text) }).optional(),
    reach: z.strictObject({ readAt: moment, arns: z.array(text), outOfReach: z.array(text) }).optional(),
    groups: z.strictObject({ readAt: moment, found: z.array(group) }).optional(),
    tags: z.record(text, z.strictObject({ readAt: moment, tags })),
    permissionSets: z.record(text, z.strictObject({ readAt: moment, found: permissionSet })),
  }),
);

const SECTIONS: { readonly [Name in SectionName]: z.ZodType<Sections[Name]> } = { organization, groups, notes };

/** @throws ServiceFault when the text is not that section. */
export const readSection = <Name extends SectionName>(section: Name, json: string): Sections[Name] =>
  readDocument<Sections[Name]>(SECTIONS[section], JSON.parse(json));

const stateDocument = exactly<CatalogueState>()(
  z.strictObject({
    revision: z.int().min(0),
    published: z
      .strictObject({
        asOf: moment,
        organization: text,
        groups: z.strictObject({ version: text, asOf: moment }).optional(),
      })
      .optional(),
    notes: text.optional(),
    isUnfinished: z.boolean(),
    begunAt: moment.optional(),
    run: z.strictObject({ id: text, until: moment }).optional(),
    wanted: z.strictObject({ at: moment, resources: z.array(text), everything: z.boolean() }).optional(),
  }),
);

/** @throws ServiceFault when the document is not a state. */
export const readState = (document: unknown): CatalogueState => readDocument(stateDocument, document);
