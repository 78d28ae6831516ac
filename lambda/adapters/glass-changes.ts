/** What a commit changes about broken glasses: it follows from the events alone, so that no alarm can be forgotten. */
import { type BrokenGlass, brokenGlassOf, changesGlass } from '../domain/break-glass.ts';
import type { RequestChange } from '../ports/ledger.ts';

export interface GlassChange {
  readonly glass: BrokenGlass;
  /** Broken by this very commit. */
  readonly isNew: boolean;
}

export const glassChanges = (changes: readonly RequestChange[]): readonly GlassChange[] =>
  changes.flatMap(({ after, events }) => {
    const glass = changesGlass(events) ? brokenGlassOf(after) : undefined;
    return glass ? [{ glass, isNew: events.some(({ kind }) => kind === 'glass-broken') }] : [];
  });
