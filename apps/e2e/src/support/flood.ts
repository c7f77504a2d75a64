import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Options } from 'amqplib';

/** Messages in any number, from whoever has a broker user's password. */
export interface Flood {
  readonly url: string;
  readonly exchange: string;
  /** In turn. */
  readonly keys: readonly string[];
  readonly seconds: number;
  readonly connections: number;
  readonly bytes: number;
  readonly properties: Options.Publish;
  /** Instead of so many bytes of nothing. */
  readonly body?: string;
}

const PROGRAM = fileURLToPath(new URL('flood.program.ts', import.meta.url));
const MARGIN_MS = 30_000;

/** Floods from a process of its own, which may be as fast as it can. @returns messages a second. */
export async function flood(what: Flood): Promise<number> {
  const node = ['--experimental-transform-types', '--no-warnings', PROGRAM, JSON.stringify(what)];
  const { stdout } = await promisify(execFile)(process.execPath, node, { timeout: what.seconds * 1_000 + MARGIN_MS });
  return Number(stdout) / what.seconds;
}
