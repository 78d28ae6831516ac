/** What rules may say of a person, out of a user of the Identity Store. */
import type { PersonAttributes } from '../domain/policy/facts.ts';
import type { StoredUser } from './identity-store-calls.ts';

/** The only extension that AWS documents: the attributes of SCIM's enterprise user. It comes only when it is asked for. */
export const ENTERPRISE = 'aws:identitystore:enterprise';

const FIELDS = {
  division: 'division',
  department: 'department',
  organization: 'organization',
  cost_center: 'costCenter',
  employee_number: 'employeeNumber',
} as const;

/** AWS does not document the case of the names; SCIM's begin with a small letter, and SCIM ignores case. */
const fieldsOf = (extension: unknown): ReadonlyMap<string, unknown> =>
  typeof extension === 'object' && extension !== null
    ? new Map(Object.entries(extension).map(([name, value]) => [name.toLowerCase(), value]))
    : new Map();

/** Texts alone; what is empty says nothing. */
export const attributesFrom = (user: Pick<StoredUser, 'Title' | 'UserType' | 'Extensions'>): PersonAttributes => {
  const enterprise = fieldsOf(user.Extensions?.[ENTERPRISE]);
  const found: readonly (readonly [string, unknown])[] = [
    ['title', user.Title],
    ['user_type', user.UserType],
    ...Object.entries(FIELDS).map(([name, field]) => [name, enterprise.get(field.toLowerCase())] as const),
  ];
  return Object.fromEntries(found.filter(([, value]) => typeof value === 'string' && value !== '')) as PersonAttributes;
};
