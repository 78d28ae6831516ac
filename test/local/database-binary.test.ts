/** Finding the database's program. */
import { expect, test } from 'vitest';
import { findDatabaseBinary } from '../../local/database.ts';

test('on a platform without the program the message says what to do', () => {
  expect(() => findDatabaseBinary('plan9', 'mips')).toThrow(
    /@dynoxide\/plan9-mips is not installed[\s\S]*npm ci[\s\S]*BREVET_DYNAMODB_ENDPOINT/,
  );
});
