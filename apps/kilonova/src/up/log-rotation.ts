import { chmodSync, copyFileSync, existsSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { PeriodicTask } from '@kilonova/util';

const LOOK_MS = 10_000;

/**
 * Keeps log files below a size: one that has grown past it is copied to `<file>.1`, in place of the copy before, and
 * emptied. Whoever writes it has it open for appending and goes on at its new end; lines that are written between copy
 * and emptying are lost. Where there is no room for the copy, the file is emptied without one: room is what is missing.
 */
export class LogRotation {
  readonly #task = new PeriodicTask(
    LOOK_MS,
    () => Promise.resolve(this.rotate()),
    () => undefined,
  );

  /** @param folders all `*.log` in them are kept small. @param maxBytes of one file */
  constructor(
    private readonly folders: readonly string[],
    private readonly maxBytes: number,
  ) {}

  start(): void {
    this.#task.start();
  }

  stop(): Promise<void> {
    return this.#task.stop();
  }

  /** Looks once. */
  rotate(): void {
    for (const folder of this.folders.filter((path) => existsSync(path)))
      for (const file of readdirSync(folder).filter((name) => name.endsWith('.log'))) this.#keepSmall(join(folder, file));
  }

  #keepSmall(path: string): void {
    if (statSync(path).size <= this.maxBytes) return;
    const copy = `${path}.1`;
    try {
      copyFileSync(path, copy);
      chmodSync(copy, 0o600);
    } catch {
      rmSync(copy, { force: true });
    }
    truncateSync(path);
  }
}
