import { readFile } from 'node:fs/promises';
import { pause } from '@kilonova/util';
import { command } from './command.js';
import { startOf } from './process-record.js';

/** The arguments of a process as one line; empty when it has ended. */
const commandLine = async (pid: number): Promise<string> => {
  const bytes = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (bytes !== undefined) return bytes.replaceAll('\0', ' ');
  return command('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => '');
};

const endsWithin = async (pid: number, start: string, ms: number): Promise<boolean> => {
  for (const deadline = Date.now() + ms; startOf(pid) === start; await pause(25)) {
    if (Date.now() > deadline) return false;
  }
  return true;
};

/**
 * The server that `pidFile` names, while it runs. `marker` must be in its command line, since the number may belong to another
 * program by now.
 */
export async function findLeftover(pidFile: string, marker: string): Promise<number | undefined> {
  const text = await readFile(pidFile, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (startOf(pid) === undefined) return undefined;
  return (await commandLine(pid)).includes(marker) ? pid : undefined;
}

/**
 * Ends a server whose owner was killed and which still runs on a folder that is wanted again.
 * @returns whether there was one; arguments as of `findLeftover`.
 */
export async function endLeftover(
  pidFile: string,
  marker: string,
  stopSignal: NodeJS.Signals,
  graceMs: number,
): Promise<boolean> {
  const pid = await findLeftover(pidFile, marker);
  if (pid === undefined) return false;
  await endProcess(pid, stopSignal, graceMs);
  return true;
}

/** Asks a process that is no child of this one to end, and ends it by force after so many milliseconds. */
export async function endProcess(pid: number, stopSignal: NodeJS.Signals, graceMs: number): Promise<void> {
  const start = startOf(pid);
  if (start === undefined) return;
  process.kill(pid, stopSignal);
  if (await endsWithin(pid, start, graceMs)) return;
  process.kill(pid, 'SIGKILL');
  await endsWithin(pid, start, graceMs);
}
