/** What a broken glass looks like on the wire, and where one may be broken. */
import type { CatalogEntryView } from '../../contract/api.ts';
import type { BreakGlassView } from '../../contract/break-glass.ts';
import { toIsoDuration } from '../../contract/duration.ts';
import type { ExplanationView } from '../../contract/explain.ts';
import type { Audience, BreakGlass, PersonRef } from '../../domain/access-request.ts';
import type { CatalogEntry } from '../../domain/policy/catalog.ts';
import type { Permit } from '../../domain/policy/judge.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { type Instant, toIso } from '../../domain/time.ts';

const personView = ({ id, userName, displayName }: PersonRef) => ({ id, userName, displayName });

const audienceView = ({ groups, people }: Audience) => ({
  groups: groups.map(({ name }) => name),
  people: people.map(personView),
});

export const breakGlassView = (
  { incident, told, reviewers, reviewBy, acknowledged, review }: BreakGlass,
  now: Instant,
): BreakGlassView => ({
  incident,
  told: audienceView(told),
  reviewers: audienceView(reviewers),
  ...(acknowledged && { acknowledged: { by: personView(acknowledged.by), at: toIso(acknowledged.at) } }),
  reviewBy: toIso(reviewBy),
  reviewOverdue: review === undefined && reviewBy <= now,
  ...(review && { review: { ...review, by: personView(review.by), at: toIso(review.at) } }),
});

export const breakGlassOffer = ({
  breakGlass,
  isBreakGlassOnly,
}: CatalogEntry): Pick<CatalogEntryView, 'breakGlass'> => {
  if (!breakGlass) return {};
  const { entitlement, longestSeconds } = breakGlass;
  const { incidentPattern } = entitlement.require;
  return {
    breakGlass: {
      maxDuration: toIsoDuration(longestSeconds),
      entitlement: entitlement.name,
      ...(incidentPattern === undefined ? {} : { incidentPattern }),
      isOnlyWay: isBreakGlassOnly === true,
    },
  };
};

export const breakGlassVerdict = (verdict: Permit | Refusal): NonNullable<ExplanationView['breakGlass']> =>
  isRefusal(verdict)
    ? { allowed: false, refusal: { code: verdict.refused, detail: verdict.detail } }
    : {
        allowed: true,
        entitlement: verdict.entitlement.name,
        maxDuration: toIsoDuration(verdict.maxDurationSeconds),
      };
