/** What the policy is judged by: facts about a person, an account, a permission set, as they are now. */

/** Tags by their keys. Where they are absent they were not read, which is not the same as none (law 9). */
export type Tags = Readonly<Record<string, string>>;

/** What a rule may say of a person beyond groups: attributes of the Identity Store that its owners keep. */
export const PERSON_ATTRIBUTES = [
  'title',
  'user_type',
  'department',
  'division',
  'organization',
  'cost_center',
  'employee_number',
] as const;
export type PersonAttribute = (typeof PERSON_ATTRIBUTES)[number];
export type PersonAttributes = Readonly<Partial<Record<PersonAttribute, string>>>;

export interface Person {
  /** Identity Center user id: the identity that counts. */
  readonly id: string;
  readonly userName: string;
  readonly displayName: string;
  readonly enabled: boolean;
  /** Absent: not read. */
  readonly attributes?: PersonAttributes;
}

export interface Account {
  readonly id: string;
  readonly name: string;
  /** Path of organizational units from the root, `Workloads/Payments/Prod`; empty directly under the root. */
  readonly ouPath: string;
  /** False while it is suspended, closing or not yet joined. */
  readonly active: boolean;
  /** Why it is never a target (law 15); absent for ordinary accounts. */
  readonly forbidden?: 'management-account' | 'hosting-account';
  /** It hosts Brevet, and the settings let it be a target: with two approvers at least, and by breaking no glass (law 15). */
  readonly guarded?: true;
  /** Absent: not read. */
  readonly tags?: Tags;
}

export interface PermissionSet {
  readonly arn: string;
  readonly name: string;
  readonly sessionSeconds: number;
  /** Absent: not read. */
  readonly tags?: Tags;
}

/** Names that the policy speaks of and that nothing bears: what depends on them cannot be told (law 9). */
export interface Missing {
  readonly groups: ReadonlySet<string>;
  readonly organizationalUnits: ReadonlySet<string>;
  /** Entitlements that name any such thing, by their own names, each with what that is: they grant nothing. Absent: none. */
  readonly rules?: ReadonlyMap<string, readonly string[]>;
}

/** A person with those of the policy's groups to which they belong, by name. */
export interface Requester {
  readonly person: Person;
  readonly groups: ReadonlySet<string>;
  /** Of each schedule that was asked, whether they are on call; of one that is not in it, nothing could be told. */
  readonly onCall?: ReadonlyMap<string, boolean>;
  /** Absent: nothing is missing. */
  readonly missing?: Missing;
}
