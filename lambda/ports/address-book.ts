/** Where people are written to. */

export interface AddressBook {
  /** The primary e-mail address, or the first; undefined where there is none. @throws ServiceFault */
  addressOf(personId: string): Promise<string | undefined>;
}
