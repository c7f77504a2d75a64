import { ConfigError } from './config-error.js';

/** What of the process this needs; a test brings its own. */
export interface StartHost {
  readonly stderr: { write(text: string): unknown };
  exit(code: number): never;
}

/** As in sysexits.h: the command line was wrong; the configuration was. */
const EX_USAGE = 64;
const EX_CONFIG = 78;

const isUsage = (error: unknown): error is Error =>
  error instanceof Error && String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS_');

/**
 * Runs what a process reads at its start, command line and configuration. What is wrong with them is told in plain lines,
 * every fault of the configuration at once, and the process ends with 64 or 78; a supervisor need not try again.
 */
export function configured<T>(read: () => T, host: StartHost = process): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError) && !isUsage(error)) throw error;
    host.stderr.write(`${error.message}\n`);
    return host.exit(error instanceof ConfigError ? EX_CONFIG : EX_USAGE);
  }
}
