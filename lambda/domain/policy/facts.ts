/** What the policy is judged by: facts about a person, an account, a permission set, as they are now. */

export interface Person {
  /** Identity Center user id: the identity that counts. */
  readonly id: string;
  readonly userName: string;
  readonly displayName: string;
  readonly enabled: boolean;
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
}

export interface PermissionSet {
  readonly arn: string;
  readonly name: string;
  readonly sessionSeconds: number;
}

/** A person with those of the policy's groups to which they belong, by name. */
export interface Requester {
  readonly person: Person;
  readonly groups: ReadonlySet<string>;
}
