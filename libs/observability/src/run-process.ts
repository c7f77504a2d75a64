import type { Logger } from './logger.js';
import { StartRefused } from './start-checks.js';

/** Something that was started and can be closed. */
export interface Closeable {
  close(): Promise<void>;
}

/** How long a process may take to close before it ends anyway, milliseconds. */
const CLOSE_DEADLINE_MS = 40_000;

/** How long the last lines of the log may take to be written, milliseconds. */
const FLUSH_DEADLINE_MS = 2_000;

/** As in sysexits.h: what it stands on is set up wrongly; a supervisor need not try again. */
const EX_CONFIG = 78;

/** What of the process this needs; a test brings its own. */
export interface ProcessHost {
  on(event: 'SIGTERM' | 'SIGINT' | 'uncaughtException', listener: (cause: unknown) => void): unknown;
  exit(code: number): unknown;
  /** Plain lines for who looks why it ended. */
  tell(text: string): unknown;
  /** Ends at once, whatever hangs. */
  kill(): unknown;
}

const thisProcess: ProcessHost = {
  on: (event, listener) => process.on(event as 'SIGTERM', listener),
  exit: (code) => process.exit(code),
  tell: (text) => process.stderr.write(text),
  kill: () => process.kill(process.pid, 'SIGKILL'),
};

/**
 * Runs a service as a process of its own: starts it, closes it in order on SIGTERM or SIGINT. Ends with 0 then, and with
 * 1 when it could not start, could not close in time, was told a second time to end, or met an error nobody caught; with 78,
 * and plain lines, when it refuses to start.
 */
export async function runProcess(
  logger: Logger,
  start: () => Promise<Closeable>,
  host: ProcessHost = thisProcess,
): Promise<void> {
  const fail = (error: unknown, what: string): void => {
    logger.fatal({ err: error }, what);
    flushThen(logger, host, 1);
  };
  host.on('uncaughtException', (error: unknown) => fail(error, 'an error that nobody caught'));
  try {
    const running = await start();
    const end = closer(logger, running, host, fail);
    host.on('SIGTERM', end);
    host.on('SIGINT', end);
  } catch (error) {
    if (!(error instanceof StartRefused)) return fail(error, 'could not start');
    logger.fatal({ faults: error.faults }, 'refuses to start');
    host.tell(`${error.message}\n`);
    flushThen(logger, host, EX_CONFIG);
  }
}

/**
 * Exits when the log is written. A log that hangs is given up after a while, and the process with it: a thread that is
 * stuck in a write would keep it from exiting in order.
 */
function flushThen(logger: Logger, host: ProcessHost, code: number): void {
  let done = false;
  const once = (end: () => void) => () => {
    if (!done) end();
    done = true;
  };
  setTimeout(
    once(() => void host.kill()),
    FLUSH_DEADLINE_MS,
  );
  logger.flush(once(() => void host.exit(code)));
}

function closer(
  logger: Logger,
  running: Closeable,
  host: ProcessHost,
  fail: (error: unknown, what: string) => void,
): (signal: unknown) => void {
  let closing = false;
  return (signal) => {
    if (closing) return void host.exit(1);
    closing = true;
    logger.info({ signal }, 'closing');
    setTimeout(() => fail(new Error(`took longer than ${CLOSE_DEADLINE_MS} ms`), 'could not close'), CLOSE_DEADLINE_MS).unref();
    running.close().then(
      () => flushThen(logger, host, 0),
      (error: unknown) => fail(error, 'could not close'),
    );
  };
}
