import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Changed, type Directory, emptyDirectory } from '../model/directory.js';
import { writeAtomically } from '@kilonova/util';

const FILE = 'directory.json';
const FORMAT = 1;

/**
 * The directory: in memory for reading, in one JSON file to survive. Changes are applied one after the other; those that
 * wait while a write is under way are written together by the next one. A change is answered when it is on disk.
 */
export class DirectoryStore {
  #pending: Directory;
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  private constructor(
    private readonly path: string,
    private directory: Directory,
  ) {
    this.#pending = directory;
  }

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
  async change<T>(change: (directory: Directory) => Changed<T>): Promise<T> {
    const { directory, result } = change(this.#pending);
    if (directory !== this.#pending) {
      this.#pending = directory;
      await this.#flush();
    } else {
      await (this.#next ?? this.#writing);
    }
    return result;
  }

  #flush(): Promise<void> {
    this.#next ??= (this.#writing ?? Promise.resolve()).then(() => {
      this.#next = undefined;
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
      });
      return this.#writing;
    });
    return this.#next;
  }

  /** A write that fails takes back what it should have stored: memory never runs ahead of the disk. */
  async #write(): Promise<void> {
    const directory = this.#pending;
    try {
      await writeAtomically(this.path, JSON.stringify({ format: FORMAT, ...directory }));
      this.directory = directory;
    } catch (error) {
      this.#pending = this.directory;
      throw error;
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
