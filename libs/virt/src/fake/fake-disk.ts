import { Readable } from 'node:stream';

/** What a simulated disk is read in, bytes. */
const PIECE = 65_536;
const ZEROS = Buffer.alloc(PIECE);

/** The same piece again and again. */
function* zeros(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= PIECE) yield left < PIECE ? ZEROS.subarray(0, left) : ZEROS;
}

/** A disk of so many zeros. */
export const emptyDisk = (bytes: number): Readable => Readable.from(zeros(bytes), { objectMode: false });
