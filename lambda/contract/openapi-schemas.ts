/** The schemas of the API as JSON Schema, made from those that validate; the ones with a name are components. */
import * as z from 'zod';
import {
  catalogEntry,
  catalogPage,
  decideBody,
  emptyBody,
  eventView,
  extendBody,
  meView,
  openApiView,
  rejectBody,
  requestDetail,
  requestPage,
  requestView,
  submitBody,
} from './api.ts';
import { approvalView, voteView } from './approval-view.ts';
import { auditEvent, auditPage } from './audit.ts';
import { breakGlassView, reviewBody } from './break-glass.ts';
import { driftBaseline, driftFinding, driftView } from './drift.ts';
import { explainBody, explanationView } from './explain.ts';
import { policyCheckBody, policyCheckView, policyView } from './policy-check.ts';
import { problemSchema } from './problem.ts';
import { moment, personView } from './view-parts.ts';

export type Json = Readonly<Record<string, unknown>>;

/** Schemas that have a name in the document. */
const COMPONENTS = {
  Moment: moment,
  Person: personView,
  Vote: voteView,
  Approval: approvalView,
  HistoryEvent: eventView,
  BreakGlass: breakGlassView,
  Request: requestView,
  RequestDetail: requestDetail,
  RequestPage: requestPage,
  CatalogEntry: catalogEntry,
  CatalogPage: catalogPage,
  Explanation: explanationView,
  Me: meView,
  AuditEvent: auditEvent,
  AuditPage: auditPage,
  DriftFinding: driftFinding,
  DriftBaseline: driftBaseline,
  Drift: driftView,
  Policy: policyView,
  PolicyCheck: policyCheckView,
  OpenApi: openApiView,
  Problem: problemSchema,
  SubmitBody: submitBody,
  ExplainBody: explainBody,
  DecideBody: decideBody,
  RejectBody: rejectBody,
  EmptyBody: emptyBody,
  ExtendBody: extendBody,
  ReviewBody: reviewBody,
  PolicyCheckBody: policyCheckBody,
} as const;

const uriOf = (name: string): string => `#/components/schemas/${name}`;

const tidy: NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override'] = ({ jsonSchema }) => {
  // The format says what zod's long pattern says.
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  // Names are always texts.
  delete jsonSchema.propertyNames;
};

const bare = ({ $schema: _schema, $id: _id, ...schema }: Json): Json => schema;

export const schemaOf = (schema: z.ZodType): Json => bare(z.toJSONSchema(schema, { io: 'input', override: tidy }));

/** Answers stay open for fields to come (`io: 'input'`), while bodies are strict by their own schemas. */
export const components = (): Readonly<Record<string, Json>> => {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(COMPONENTS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: uriOf, override: tidy });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, bare(schema)]));
};

export const referenceTo = (schema: z.ZodType): Json => {
  const name = Object.entries(COMPONENTS).find(([, component]) => component === schema)?.[0];
  if (name === undefined) throw new Error('a body or an answer of an operation has no name among the components');
  return { $ref: uriOf(name) };
};
