import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What may be read from sockets before the buffers of it are collected, bytes. */
const EVERY_BYTES = 16 * 1024 * 1024;

/**
 * Frees the buffers of an upload while it goes on. V8 counts what lies outside of its heap, and collects it, only when some
 * 64 MB of it have gathered; a collection of the young objects, to which these buffers belong, takes about a millisecond.
 */
export class SpentBuffers {
  #bytes = 0;

  constructor(
    private readonly every = EVERY_BYTES,
    private readonly collect: () => void = collectYoung,
  ) {}

  /** Told of each piece that was written. */
  spent(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < this.every) return;
    this.#bytes = 0;
    this.collect();
  }
}

let minorCollection: ((options: { type: 'minor' }) => void) | undefined;

function collectYoung(): void {
  minorCollection ??= exposed();
  minorCollection({ type: 'minor' });
}

/** Only contexts that are made while the flag is set have the function. */
function exposed(): (options: { type: 'minor' }) => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void;
  setFlagsFromString('--no-expose-gc');
  return collect;
}
