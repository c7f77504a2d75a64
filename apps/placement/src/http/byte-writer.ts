/** Most bytes of UTF-8 that one unit of a string becomes. */
const BYTES_A_UNIT = 3;

/**
 * Text put together as bytes, piece by piece. A long answer as one string would be joined, measured and encoded, each a walk
 * over all of it, and leave all three behind as garbage.
 */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;

  /** @param expected bytes; it grows when they are not enough. */
  constructor(expected: number) {
    this.#bytes = Buffer.allocUnsafeSlow(expected);
  }

  /** How many bytes have been put so far: where the next piece begins. */
  get length(): number {
    return this.#length;
  }

  text(text: string): void {
    this.#reserve(text.length * BYTES_A_UNIT);
    this.#length += this.#bytes.write(text, this.#length);
  }

  bytes(piece: Buffer): void {
    this.#reserve(piece.length);
    this.#length += piece.copy(this.#bytes, this.#length);
  }

  /** Puts `count` bytes, that are at `from` already, over those at `to`. */
  copyWithin(to: number, from: number, count: number): void {
    this.#bytes.copyWithin(to, from, from + count);
  }

  /** All of it; nothing may be put afterwards. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(this.#bytes.length * 2 + count);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
