/** Who is on call, as whatever keeps the rota tells. */

/** As they are known there: IAM Identity Center says who that is. */
export type OnCallPerson = { readonly email: string } | { readonly userName: string };

export interface OnCall {
  /** As it was at most a minute ago. @throws ServiceFault when it cannot be told */
  whoIsOnCall(schedule: string): Promise<readonly OnCallPerson[]>;
  /** As it is now: for assigning. @throws ServiceFault when it cannot be told */
  whoIsOnCallNow(schedule: string): Promise<readonly OnCallPerson[]>;
}
