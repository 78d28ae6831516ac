/** E-mail addresses out of the Identity Store. */
import type { AddressBook } from '../ports/address-book.ts';
import type { IdentityStoreCalls } from './identity-store-calls.ts';
import { callingUnless } from './service-call.ts';

export interface IdentityStoreAddressesParts {
  readonly calls: IdentityStoreCalls;
  readonly identityStoreId: string;
}

const SOURCE = 'identity-store';
const NOT_FOUND = ['ResourceNotFoundException'];

export const createIdentityStoreAddresses = ({
  calls,
  identityStoreId: IdentityStoreId,
}: IdentityStoreAddressesParts): AddressBook => ({
  addressOf: async (UserId) => {
    const asking = calls('DescribeUser', { IdentityStoreId, UserId });
    const { Emails = [] } = (await callingUnless(SOURCE, NOT_FOUND, asking)) ?? {};
    const found = Emails.find(({ Primary, Value }) => Primary && Value) ?? Emails.find(({ Value }) => Value);
    return found?.Value;
  },
});
