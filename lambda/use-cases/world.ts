/** Everything a use case may need from outside; each one takes only its part. */
import type { AddressBook } from '../ports/address-book.ts';
import type { AssignmentLists } from '../ports/assignment-lists.ts';
import type { Assignments } from '../ports/assignments.ts';
import type { Bell } from '../ports/bell.ts';
import type { CatalogueSource } from '../ports/catalogue-source.ts';
import type { CensusSource } from '../ports/census-store.ts';
import type { CensusTaker } from '../ports/census-taker.ts';
import type { Clock } from '../ports/clock.ts';
import type { Converger } from '../ports/converger.ts';
import type { Directory } from '../ports/directory.ts';
import type { DriftNews } from '../ports/drift-news.ts';
import type { DriftStore } from '../ports/drift-store.ts';
import type { Ids } from '../ports/ids.ts';
import type { Ledger, Trail } from '../ports/ledger.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { OnCall } from '../ports/on-call.ts';
import type { Organization } from '../ports/organization.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { Places } from '../ports/places.ts';
import type { PolicyReader } from '../ports/policy-reader.ts';
import type { PolicySource } from '../ports/policy-source.ts';
import type { PumpLock } from '../ports/pump-lock.ts';
import type { Reporter } from '../ports/reporter.ts';
import type { WorkflowRunner } from '../ports/workflow-runner.ts';

/** The limits that the use cases know, with units in their names. */
export interface UseCaseLimits {
  readonly longestDurationSeconds: number;
  readonly openRequestsPerPerson: number;
  readonly eventsBeforeExtension: number;
  readonly pendingExpirySeconds: number;
  readonly timeToGrantSeconds: number;
  readonly startAheadSeconds: number;
  readonly idempotencySeconds: number;
  readonly textLength: number;
  readonly ticketLength: number;
  readonly pageSize: number;
  readonly catalogueStaleSeconds: number;
  readonly catalogueDeniesSeconds: number;
  readonly glassAlarmSeconds: number;
}

/** What the settings say about drift. */
export interface DriftRules {
  readonly mode: 'report' | 'remove';
  readonly instanceArn: string;
  /** From the beginning of one round to the next. */
  readonly roundSeconds: number;
  readonly removalsAnHour: number;
  /** The tag of permission sets that may be elevated to, where the settings name one. */
  readonly elevatableTag?: { readonly key: string; readonly value: string };
}

export interface World {
  readonly ledger: Ledger;
  readonly places: Places;
  readonly policies: PolicySource;
  readonly directory: Directory;
  readonly organization: Organization;
  readonly catalogue: CatalogueSource;
  readonly onCall: OnCall;
  readonly assignments: Assignments;
  readonly workflow: WorkflowRunner;
  readonly converger: Converger;
  readonly lock: PumpLock;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly reporter: Reporter;
  readonly bell: Bell;
  readonly limits: UseCaseLimits;
  /** Names of the groups that carry the roles of the settings. */
  readonly roleGroups: { readonly administrators: readonly string[]; readonly auditors: readonly string[] };
}

/** What only the search for drift and those who ask about it need. */
export interface DriftParts {
  readonly assignmentLists: AssignmentLists;
  readonly driftStore: DriftStore;
  readonly driftRules: DriftRules;
  readonly driftNews: DriftNews;
}

/** What only whoever tells people needs. */
export interface TellingParts {
  readonly outbox: Outbox;
  readonly addresses: AddressBook;
  readonly notifier: Notifier;
}

/** What only those who look at a proposed policy need. */
export interface ProposalParts {
  readonly policyReader: PolicyReader;
  /** NB. Of the ledger no more than this: events have no texts, and whoever reads policies from outside changes nothing. */
  readonly trail: Trail;
  readonly census: CensusSource;
  readonly censusTaker: CensusTaker;
}

/** How much one look at a proposed policy may cost; offline there is no such limit. */
export interface CheckLimits {
  /** Memberships that are looked up: people by groups that either policy names. */
  readonly policyCheckMemberships: number;
  /** Rules of both policies by accounts of the organization. */
  readonly policyCheckPairs: number;
  /** How long policies are compared, and past requests judged, seconds. */
  readonly policyCheckSeconds: number;
  /** User names of the proposed policy that are looked up. */
  readonly policyCheckUsers: number;
  /** Groups of both policies whose members are counted, where it is looked at for everybody. */
  readonly policyCheckGroups: number;
  /** Events that are read for past requests, and how far back, seconds. */
  readonly policyCheckEvents: number;
  readonly auditSpanSeconds: number;
  /** From the beginning of the look; then nobody is looked up any more for findings and past requests. */
  readonly policyCheckLookupSeconds: number;
}

type Everything = World & DriftParts & TellingParts & ProposalParts;

/** The parts of the world that a use case takes. */
export type Needs<Part extends keyof Everything> = Pick<Everything, Part>;
