import { openSync, write, writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** Lines that wait to be written, bytes; what comes beyond is dropped. */
const BUFFER_BYTES = 1_048_576;
/** Pause after a write that failed, milliseconds. */
const RETRY_MS = 200;

let dropped = 0;

/** Log lines of this process that were lost, because what they are written to was full, slow or gone. */
export const droppedLogLines = (): number => dropped;

/** Destinations with lines that are not written yet: at exit there is one more attempt for each. */
const unwritten = new Set<LogDestination>();
process.once('exit', () => {
  for (const destination of unwritten) destination.flushSync();
});

/**
 * Where log lines go. It never throws and never holds the process: while nothing can be written, lines wait up to a
 * bound, then they are dropped and counted, and writing goes on when there is room again. (pino's own destination tries
 * a full disk for ever when it is to write synchronously, which it is at every fatal line and at exit.)
 */
class LogDestination implements DestinationStream {
  #lines: string[] = [];
  /** What is being written, or is to be tried again. */
  #chunk: Buffer = Buffer.alloc(0);
  #bytes = 0;
  #isWriting = false;
  #retry: NodeJS.Timeout | undefined;
  #flushed: Array<() => void> = [];

  constructor(private readonly fd: number) {}

  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (this.#bytes + bytes > BUFFER_BYTES) {
      dropped += 1;
      return;
    }
    this.#lines.push(line);
    this.#bytes += bytes;
    unwritten.add(this);
    if (this.#retry === undefined) this.#writeOn();
  }

  /** Calls back when what was there is written, or when an attempt to write it has failed. */
  flush(done?: () => void): void {
    if (done !== undefined) this.#flushed.push(done);
    this.#writeOn();
  }

  /** One attempt. Nothing while a write is under way: where that one hangs, this one would hold the whole process. */
  flushSync(): void {
    if (this.#isWriting) return;
    this.#gather();
    try {
      while (this.#chunk.length > 0) this.#written(writeSync(this.fd, this.#chunk));
    } catch {
      // It is tried again with the next line; at exit it is lost.
    }
  }

  #gather(): void {
    this.#chunk = Buffer.concat([this.#chunk, Buffer.from(this.#lines.join(''))]);
    this.#lines = [];
  }

  #written(bytes: number): void {
    this.#chunk = this.#chunk.subarray(bytes);
    this.#bytes -= bytes;
  }

  #writeOn(): void {
    if (this.#isWriting) return;
    this.#gather();
    if (this.#chunk.length === 0) {
      this.#rest();
      return;
    }
    this.#isWriting = true;
    write(this.fd, this.#chunk, (error, bytes) => {
      this.#isWriting = false;
      if (error !== null) this.#tryAgain();
      else {
        this.#written(bytes);
        this.#writeOn();
      }
    });
  }

  #rest(): void {
    unwritten.delete(this);
    for (const done of this.#flushed.splice(0)) done();
  }

  #tryAgain(): void {
    for (const done of this.#flushed.splice(0)) done();
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#writeOn();
    }, RETRY_MS).unref();
  }
}

/** @param target a path, or the number of an open file; standard output when left out. @throws Error for a file that can't be opened */
export const logDestination = (target: string | number = 1): DestinationStream & Pick<LogDestination, 'flushSync'> =>
  new LogDestination(typeof target === 'string' ? openSync(target, 'a', 0o600) : target);
