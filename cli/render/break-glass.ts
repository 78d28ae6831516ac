/** A broken glass in words: for which incident, who knows, and how the review stands. */
import type { BreakGlassView } from '../../lambda/contract/break-glass.ts';
import type { Page } from '../output.ts';
import type { Field } from './fields.ts';
import { moment } from './moment.ts';
import { personName } from './words.ts';

const audienceText = ({ groups, people }: BreakGlassView['told']): string =>
  [...groups, ...people.map(personName)].join(', ');

const acknowledgedText = ({ acknowledged, told }: BreakGlassView, page: Page): string =>
  acknowledged
    ? `by ${personName(acknowledged.by)}, ${moment(acknowledged.at, page)}`
    : `by nobody yet, so the alarm goes on; told: ${audienceText(told)}`;

const OUTCOMES = { justified: 'justified', not_justified: 'not justified' } as const;

const reviewText = ({ review, reviewBy, reviewOverdue, reviewers }: BreakGlassView, page: Page): string => {
  if (!review) {
    const due = reviewOverdue ? 'overdue since' : 'due';
    return `${due} ${moment(reviewBy, page)}, by ${audienceText(reviewers)}`;
  }
  const said = review.comment === undefined || review.comment === '' ? '' : `: ${review.comment}`;
  return `${OUTCOMES[review.outcome]}, says ${personName(review.by)}, ${moment(review.at, page)}${said}`;
};

export const breakGlassFields = (glass: BreakGlassView | undefined, page: Page): Field[] =>
  glass
    ? [
        ['break-glass', `for incident ${glass.incident}; nobody approved it`],
        ['acknowledged', acknowledgedText(glass, page)],
        ['review', reviewText(glass, page)],
      ]
    : [];

/** What lists show of it beside the status. */
export const breakGlassMark = (glass: BreakGlassView | undefined): string => (glass ? ', break-glass' : '');
