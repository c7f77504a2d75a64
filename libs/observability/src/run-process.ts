import type { Logger } from './logger.js';

/** Something that was started and can be closed. */
export interface Closeable {
  close(): Promise<void>;
}

/** How long a process may take to close before it ends anyway, milliseconds. */
const CLOSE_DEADLINE_MS = 40_000;

/**
 * Runs a service as a process of its own: starts it, closes it in order on SIGTERM or SIGINT, ends with 0 then and
 * with 1 when it could not start or close in time.
 */
export async function runProcess(logger: Logger, start: () => Promise<Closeable>): Promise<void> {
  try {
    const running = await start();
    const close = (signal: NodeJS.Signals): void => {
      logger.info({ signal }, 'closing');
      setTimeout(() => process.exit(1), CLOSE_DEADLINE_MS).unref();
      running.close().then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error({ err: error }, 'could not close');
          process.exit(1);
        },
      );
    };
    process.once('SIGTERM', close);
    process.once('SIGINT', close);
  } catch (error) {
    logger.error({ err: error }, 'could not start');
    process.exitCode = 1;
    setTimeout(() => process.exit(1), 500).unref();
  }
}
