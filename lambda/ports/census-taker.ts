/** Has everybody counted, by somebody else and later: it takes minutes in a large organization. */
export interface CensusTaker {
  /** Asks for it and does not wait. What is under way, or already known, is not begun again. @param groupIds whose members are to be counted */
  begin(groupIds: readonly string[]): Promise<void>;
}
