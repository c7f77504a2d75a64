import { access, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Ids of images that were deleted, an empty file each: nobody may bring one back and have those who still use the id get
 * another's data. Looked up only for ids that a client chose, so they cost no memory.
 */
export class DeletedIds {
  private constructor(private readonly folder: string) {}

  static async open(stateFolder: string): Promise<DeletedIds> {
    const folder = join(stateFolder, 'deleted');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new DeletedIds(folder);
  }

  async has(id: string): Promise<boolean> {
    try {
      await access(join(this.folder, id));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  }

  /** On disk when this resolves. */
  async add(id: string): Promise<void> {
    await (await open(join(this.folder, id), 'w', 0o600)).close();
    const folder = await open(this.folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}
