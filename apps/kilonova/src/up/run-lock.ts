import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { AppError } from '@kilonova/util';

/** True while a process of that id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The process that runs the cloud of a state folder; undefined when none does. */
export function runningPid(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8'));
  return Number.isInteger(pid) && pid > 0 && isAlive(pid) ? pid : undefined;
}

/** Takes the state folder for this process. @throws AppError when another runs on it. */
export function takeRunLock(file: string): () => void {
  const pid = runningPid(file);
  if (pid !== undefined && pid !== process.pid) {
    const message = `a cloud is running on this state folder already (process ${pid}); see \`kilonova status\``;
    throw new AppError({ kind: 'conflict', code: 'kilonova.up.running', message });
  }
  writeFileSync(file, `${process.pid}\n`);
  return () => rmSync(file, { force: true });
}
