/** Where the catalogue is kept: content that never changes once it has a version, and one state that says what is in force. */
import type { CatalogueState, ListedGroup, OrganizationContent } from '../domain/catalogue.ts';
import type { SurveyNotes } from '../domain/survey-notes.ts';
import type { Instant } from '../domain/time.ts';

export interface Sections {
  readonly organization: OrganizationContent;
  readonly groups: readonly ListedGroup[];
  /** Only for the next reading. */
  readonly notes: SurveyNotes;
}

export type SectionName = keyof Sections;

export interface CatalogueStore {
  /** The state as it is now; `NOTHING_READ` when there is none. */
  readState(): Promise<CatalogueState>;
  /** Stores what follows on the state of that revision; false when another one has been stored meanwhile. */
  replaceState(next: CatalogueState): Promise<boolean>;
  /** Stores the content. @returns its version, which the same content always has. */
  put<Name extends SectionName>(section: Name, content: Sections[Name], now: Instant): Promise<string>;
  /** @throws ServiceFault when there is no such version, or it is not what was stored. */
  read<Name extends SectionName>(section: Name, version: string): Promise<Sections[Name]>;
  /** Forgets every other version that was last put before the moment. @returns how many pieces that were. */
  discard(keep: readonly string[], putBefore: Instant): Promise<number>;
}
