/** Law 8: every change comes with its event, and the events of a request are one unbroken chain without free text. */
import { createHash } from 'node:crypto';
import type { AuditEvent } from '../../../lambda/domain/audit-event.ts';
import type { Stored } from '../book.ts';
import type { Accuse } from './violation.ts';

interface Link {
  readonly sequence: number;
  readonly hash: string;
}

/** JSON without spaces, names in the order of their code units: as docs say that a hash is made. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort((left, right) => (left < right ? -1 : 1));
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(Reflect.get(value, name))}`).join(',')}}`;
};

const trueHash = ({ hash: _, ...content }: AuditEvent): string =>
  createHash('sha256').update(canonical(content)).digest('hex');

/** What nobody may find in an event: texts of people, and task tokens. */
const NOT_FOR_EVENTS = /simulated reason|token-\d/;

export const chainLaw = (accuse: Accuse) => {
  const heads = new Map<string, Link>();

  const follow = (id: string, event: AuditEvent): void => {
    const head = heads.get(id) ?? { sequence: 0, hash: '' };
    if (event.sequence !== head.sequence + 1) accuse(8, `${id}: event ${event.sequence} after ${head.sequence}`);
    if (event.previousHash !== head.hash) accuse(8, `${id}: event ${event.sequence} does not follow the one before`);
    if (event.hash !== trueHash(event)) accuse(8, `${id}: the hash of event ${event.sequence} is wrong`);
    if (NOT_FOR_EVENTS.test(JSON.stringify(event))) accuse(8, `${id}: event ${event.sequence} tells too much`);
    heads.set(id, { sequence: event.sequence, hash: event.hash });
  };

  return ({ before, after, events }: Stored): void => {
    for (const event of events) follow(after.id, event);
    const last = events.at(-1);
    if (!last) accuse(8, `${after.id} changed without an event`);
    else if (last.to !== after.status) accuse(8, `${after.id} is ${after.status}, its event says ${last.to}`);
    if (before && last && last.from !== before.status)
      accuse(8, `${after.id} was ${before.status}, its event says ${last.from}`);
    const head = heads.get(after.id);
    if (after.trail.count !== head?.sequence || after.trail.hash !== head.hash)
      accuse(8, `${after.id}: its trail ends elsewhere`);
  };
};
