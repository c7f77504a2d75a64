import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '@kilonova/util';
import { type Changed, type Directory, emptyDirectory } from '../model/directory.js';

const FILE = 'directory.json';
const FORMAT = 1;

/** A change that waits for its turn. */
interface Waiting {
  /** Applies it; undefined when it was refused, of which its caller is told by then. */
  apply(directory: Directory): Directory | undefined;
  done(): void;
  failed(error: unknown): void;
}

/**
 * The directory: in memory for reading, in one JSON file to survive. Changes are applied in the order in which they came;
 * those that wait while a write is under way go to disk together. A change is answered when it is on disk, and nobody
 * sees it before; when a write fails, all that was in it have failed and the directory stays as it was.
 */
export class DirectoryStore {
  readonly #waiting: Waiting[] = [];
  #writing = false;

  private constructor(
    private readonly path: string,
    private directory: Directory,
  ) {}

  /** Opens, or makes, the store in a folder. @throws Error when the file is not one of this program's */
  static async open(folder: string): Promise<DirectoryStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, FILE);
    return new DirectoryStore(path, await load(path));
  }

  /** The directory as it stands on disk. */
  get current(): Directory {
    return this.directory;
  }

  /**
   * Applies a change to the newest directory.
   * @param change pure; throws AppError to refuse
   */
  change<T>(change: (directory: Directory) => Changed<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: T;
      const apply = (directory: Directory): Directory | undefined => {
        try {
          const changed = change(directory);
          result = changed.result;
          return changed.directory;
        } catch (error) {
          reject(error);
          return undefined;
        }
      };
      this.#waiting.push({ apply, done: () => resolve(result), failed: reject });
      if (!this.#writing) void this.#drain();
    });
  }

  /** Never rejects: each change's own caller is told. */
  async #drain(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) await this.#writeTogether(this.#waiting.splice(0));
    this.#writing = false;
  }

  async #writeTogether(batch: readonly Waiting[]): Promise<void> {
    let next = this.directory;
    const applied: Waiting[] = [];
    for (const waiting of batch) {
      const changed = waiting.apply(next);
      if (changed === undefined) continue;
      next = changed;
      applied.push(waiting);
    }
    try {
      if (next !== this.directory) await writeAtomically(this.path, JSON.stringify({ format: FORMAT, ...next }));
      this.directory = next;
      for (const waiting of applied) waiting.done();
    } catch (error) {
      for (const waiting of applied) waiting.failed(error);
    }
  }
}

async function load(path: string): Promise<Directory> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return emptyDirectory();
    throw error;
  }
  const { format, ...directory } = JSON.parse(text) as Directory & { format: number };
  if (format !== FORMAT) throw new Error(`${path}: format ${format} is not known to this version`);
  return directory;
}
