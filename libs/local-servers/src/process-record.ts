import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/**
 * What tells a process from a later one with the same number: when it started. Undefined when no such process runs; one that
 * has ended and waits for its parent does not run.
 */
export function startOf(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  if (process.platform !== 'linux') return startByPs(pid);
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // proc(5): the name, field 2, is in parentheses and may hold anything; field 3 is the state, 22 the start since the boot.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return `${textOf('/proc/sys/kernel/random/boot_id')?.trim() ?? ''} ${fields[19]}`;
}

function startByPs(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

const startFile = (pidFile: string): string => `${pidFile.replace(/\.pid$/, '')}.start`;

/** Keeps a running process under `<name>.pid`, and beside it, in `<name>.start`, when it started. */
export function recordProcess(pidFile: string, pid: number): void {
  writeFileSync(startFile(pidFile), `${startOf(pid) ?? ''}\n`, { mode: 0o600 });
  writeFileSync(pidFile, `${pid}\n`, { mode: 0o600 });
}

/** The recorded process while it runs; undefined when it has ended, whoever has its number now. */
export function recordedProcess(pidFile: string): number | undefined {
  const pid = Number.parseInt(textOf(pidFile) ?? '', 10);
  const start = startOf(pid);
  return start !== undefined && start === textOf(startFile(pidFile))?.trim() ? pid : undefined;
}

export function forgetProcess(pidFile: string): void {
  rmSync(pidFile, { force: true });
  rmSync(startFile(pidFile), { force: true });
}
