/** A text as compressed pieces that each fit one item of the table, and back; named by the hash of the text. */
import { createHash } from 'node:crypto';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { ServiceFault } from '../ports/faults.ts';

/** An item holds 400 KB (DynamoDB), its keys and names included. */
const PIECE_BYTES = 360_000;
/** Far more than any organization makes: what unpacks to more is not ours. */
const MOST_BYTES = 256 * 1024 * 1024;
/** Beyond this it takes ten times as long and saves little. */
const QUALITY = 5;

export const versionOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export const piecesOf = (text: string): readonly Uint8Array[] => {
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } };
  const packed = brotliCompressSync(Buffer.from(text), options);
  return Array.from({ length: Math.ceil(packed.length / PIECE_BYTES) }, (_, index) =>
    packed.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES),
  );
};

/** @throws ServiceFault unless the pieces are those of that version, all of them and in order. */
export const textOf = (version: string, pieces: readonly Uint8Array[]): string => {
  const text = unpacked(pieces);
  if (versionOf(text) !== version) throw new ServiceFault('database', 'HashMismatch', undefined);
  return text;
};

const unpacked = (pieces: readonly Uint8Array[]): string => {
  try {
    return brotliDecompressSync(Buffer.concat(pieces), { maxOutputLength: MOST_BYTES }).toString();
  } catch (cause) {
    throw new ServiceFault('database', 'NotUnpacked', cause);
  }
};
