/** People in a policy: by group, by name, by what the Identity Store says of them. */
import * as z from 'zod';

/** What rules may say of a person beyond groups and names. */
export const ATTRIBUTE_NAMES = [
  'title',
  'user_type',
  'department',
  'division',
  'organization',
  'cost_center',
  'employee_number',
] as const;

export const name = z.string().min(1).max(256);
export const names = z.array(name);

export const values = z
  .union([z.string().max(256), z.array(z.string().max(256)).min(1)])
  .transform((one) => (typeof one === 'string' ? [one] : one));

export const groups = names.default([]).describe('Groups of IAM Identity Center, by name.');
export const users = names.default([]).describe('User names of IAM Identity Center.');
export const attributes = z.partialRecord(z.enum(ATTRIBUTE_NAMES), values).default({});

export const who = z
  .strictObject({
    groups,
    users,
    attributes: attributes.describe('Narrows groups and users; alone, it stands for everybody who has them.'),
  })
  .refine(
    (one) => one.groups.length + one.users.length + Object.keys(one.attributes).length > 0,
    'name at least one group, user or attribute',
  );

/** NB. Without names of users: whoever is given another user name must not slip through. */
export const guardedPeople = z
  .strictObject({
    groups,
    attributes: attributes.describe('Narrows groups; alone, it stands for everybody who has them.'),
  })
  .refine((one) => one.groups.length + Object.keys(one.attributes).length > 0, 'name at least one group or attribute');
