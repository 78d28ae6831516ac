/** The conditions of an entitlement on what was written and when: each is met, or refuses in words. */
import { type Refusal, refuse } from '../refusal.ts';
import { toIso } from '../time.ts';
import type { JudgedAsk } from './ask.ts';
import { hoursText, isWithin } from './hours.ts';
import type { Requirements } from './policy.ts';

export const refuseJustification = ({ justificationLength }: Requirements, ask: JudgedAsk): Refusal | undefined => {
  const length = ask.justification.trim().length;
  if (length >= justificationLength) return undefined;
  return refuse(
    'justification_too_short',
    `This target needs a justification of at least ${justificationLength} characters; yours has ${length}.`,
    { minimum: justificationLength },
  );
};

/** Making an expression costs more than everything else about a decision. */
const expressions = new Map<string, RegExp>();
const MOST_EXPRESSIONS = 1000;

const wholly = (pattern: string): RegExp => {
  const known = expressions.get(pattern);
  if (known) return known;
  if (expressions.size >= MOST_EXPRESSIONS) expressions.clear();
  const made = new RegExp(`^(?:${pattern})$`, 'u');
  expressions.set(pattern, made);
  return made;
};

export const refuseTicket = ({ ticketPattern }: Requirements, { ticket }: JudgedAsk): Refusal | undefined => {
  if (ticketPattern === undefined) return undefined;
  const facts = { pattern: ticketPattern };
  if (ticket === undefined) {
    return refuse('ticket_required', `This target needs a ticket of the form ${ticketPattern}.`, facts);
  }
  if (wholly(ticketPattern).test(ticket)) return undefined;
  return refuse('ticket_invalid', `The ticket "${ticket}" is not of the form ${ticketPattern}.`, facts);
};

export const refuseHours = ({ hours }: Requirements, { window }: JudgedAsk): Refusal | undefined => {
  if (!hours || isWithin(hours, window.from)) return undefined;
  return refuse(
    'outside_hours',
    `This access may begin ${hoursText(hours)} only, and it would begin at ${toIso(window.from)}. Ask within those hours, or with a start within them.`,
    { hours: hoursText(hours) },
  );
};

export const refuseIncident = ({ incidentPattern }: Requirements, { incident }: JudgedAsk): Refusal | undefined => {
  if (incidentPattern === undefined || incident === undefined || wholly(incidentPattern).test(incident))
    return undefined;
  return refuse('incident_invalid', `The incident "${incident}" is not of the form ${incidentPattern}.`, {
    pattern: incidentPattern,
  });
};

/** Of the schedule, whether the person is on call; undefined where it could not be told. */
export const isOnCall = ({ onCall }: Requirements, { requester }: JudgedAsk): boolean | undefined =>
  onCall === undefined ? true : requester.onCall?.get(onCall);

/** NB. Whoever may be on call is not taken to be (law 9). */
export const refuseOnCall = (require: Requirements, ask: JudgedAsk): Refusal | undefined => {
  const { onCall: schedule = '' } = require;
  const is = isOnCall(require, ask);
  if (is) return undefined;
  if (is === false)
    return refuse('not_on_call', `This is for whoever is on call by "${schedule}", and you are not now.`, { schedule });
  return refuse(
    'on_call_unknown',
    `This is for whoever is on call by "${schedule}", and it cannot be told now who that is. Try again in a minute, or ask for what needs no on-call.`,
    { schedule },
  );
};

/** The first thing missing. */
export const refuseRequirements = (require: Requirements, ask: JudgedAsk): Refusal | undefined =>
  refuseJustification(require, ask) ??
  refuseTicket(require, ask) ??
  refuseIncident(require, ask) ??
  refuseHours(require, ask) ??
  refuseOnCall(require, ask);
