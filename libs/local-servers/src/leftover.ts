import { readFile } from 'node:fs/promises';
import { pause } from '@kilonova/util';
import { command } from './command.js';

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** The arguments of a process as one line; empty when it has ended. */
const commandLine = async (pid: number): Promise<string> => {
  const bytes = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (bytes !== undefined) return bytes.replaceAll('\0', ' ');
  return command('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => '');
};

const endsWithin = async (pid: number, ms: number): Promise<boolean> => {
  for (const deadline = Date.now() + ms; alive(pid); await pause(25)) {
    if (Date.now() > deadline) return false;
  }
  return true;
};

/**
 * Ends a server whose owner was killed and which still runs on a folder that is wanted again. `pidFile` names it;
 * `marker` must be in its command line, since the number may belong to another program by now.
 */
export async function endLeftover(pidFile: string, marker: string, stopSignal: NodeJS.Signals, graceMs: number): Promise<void> {
  const text = await readFile(pidFile, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (!Number.isInteger(pid) || pid <= 1 || !alive(pid)) return;
  if (!(await commandLine(pid)).includes(marker)) return;
  process.kill(pid, stopSignal);
  if (await endsWithin(pid, graceMs)) return;
  process.kill(pid, 'SIGKILL');
  await endsWithin(pid, graceMs);
}
