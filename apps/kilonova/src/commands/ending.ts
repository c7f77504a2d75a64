import { constants } from 'node:os';

/** What of the process this needs; a test brings its own. */
export interface EndingHost {
  on(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): unknown;
}

const thisProcess: EndingHost = {
  on: (event, listener) => process.on(event, listener),
  exit: (code) => process.exit(code),
};

/** How long a command may tidy up after a signal, milliseconds. */
const TIDY_MS = 2_000;

/**
 * Runs a command that goes on until it is told to end. On SIGINT or SIGTERM `signal` aborts, and the program ends quietly with
 * the code that shells expect (130, 143): when `work` has tidied up, after two seconds, or at a second signal.
 */
export async function untilSignal(
  work: (signal: AbortSignal) => Promise<void>,
  host: EndingHost = thisProcess,
  tidyMs = TIDY_MS,
): Promise<void> {
  const abort = new AbortController();
  let code: number | undefined;
  const end = (name: 'SIGINT' | 'SIGTERM'): void => {
    if (code !== undefined) return void host.exit(code);
    code = 128 + constants.signals[name];
    const ended = code;
    setTimeout(() => host.exit(ended), tidyMs).unref();
    abort.abort();
  };
  host.on('SIGINT', () => end('SIGINT'));
  host.on('SIGTERM', () => end('SIGTERM'));
  try {
    await work(abort.signal);
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  }
  if (code !== undefined) host.exit(code);
}

/** Resolves when the signal aborts, or has. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
