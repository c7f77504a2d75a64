import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const PIECE = Buffer.alloc(65_536, 1);

/** A disk of its own in a folder, in memory, which a test may fill. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  /**
   * Makes the folder, if it is missing, and a disk of it.
   * @returns undefined where nothing may be mounted: that needs root
   */
  static mount(folder: string, bytes: number, mode = '0700'): SmallDisk | undefined {
    mkdirSync(folder, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=${mode}`, 'tmpfs', folder], { stdio: 'ignore' });
      return new SmallDisk(folder);
    } catch {
      return undefined;
    }
  }

  /** Leaves no room on it. */
  fill(): void {
    const file = openSync(this.#filler, 'a');
    try {
      for (let length = PIECE.length; length > 0; ) {
        if (!wrote(file, length)) length = Math.floor(length / 2);
      }
    } finally {
      closeSync(file);
    }
  }

  /** Takes away what it was filled with. */
  relieve(): void {
    rmSync(this.#filler, { force: true });
  }

  unmount(): void {
    execFileSync('umount', ['--lazy', this.folder]);
  }

  get #filler(): string {
    return join(this.folder, 'filler');
  }
}

function wrote(file: number, length: number): boolean {
  try {
    return writeSync(file, PIECE, 0, length) > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}
