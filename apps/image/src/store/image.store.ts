import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isUuid, type Principal, writeAtomically } from '@kilonova/util';
import { duplicateImage, noImage, overLimit } from '../model/errors.js';
import { type Image, withoutData } from '../model/image.js';
import { DeletedIds } from './deleted-ids.js';
import { ImageIndex, type ProjectUse } from './image-index.js';

/** Metadata of all images: in memory for reading, a JSON file each to survive. A change is answered when it is on disk. */
export class ImageStore {
  readonly #index = new ImageIndex();
  /** The last change under way for an image; changes of one image run one after the other. */
  readonly #tails = new Map<string, Promise<unknown>>();
  /** Images on their way to disk, by owner: they count already. */
  readonly #inserting = new Map<string | null, number>();

  private constructor(
    private readonly folder: string,
    private readonly deleted: DeletedIds,
    private readonly maxImagesPerProject: number,
  ) {}

  /** Opens, or makes, a store. Uploads that a crash cut off are queued images again. */
  static async open(stateFolder: string, maxImagesPerProject: number): Promise<ImageStore> {
    const folder = join(stateFolder, 'images');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const store = new ImageStore(folder, await DeletedIds.open(stateFolder), maxImagesPerProject);
    for (const file of await readdir(folder)) await store.#load(file);
    return store;
  }

  /** Images that the caller may see. @param communities whether others' community images are wanted */
  visibleTo(principal: Principal, communities: boolean): Iterable<Image> {
    return this.#index.visibleTo(principal, communities);
  }

  find(id: string): Image | undefined {
    return this.#index.find(id);
  }

  useOf(owner: string | null): ProjectUse {
    return this.#index.useOf(owner);
  }

  /** @throws AppError conflict when the id is taken, or was once; quota (413) when the project owns too many images */
  insert(image: Image): Promise<Image> {
    return this.#inTurn(image.id, () =>
      this.#counted(image.owner, async () => {
        if (this.#index.find(image.id) !== undefined || (await this.deleted.has(image.id))) throw duplicateImage(image.id);
        return this.#put(image);
      }),
    );
  }

  /** Applies a change to the image as it stands then. @throws AppError not-found, quota (413) for a new owner, and what the change throws */
  update(id: string, change: (image: Image) => Image): Promise<Image> {
    return this.#inTurn(id, async () => {
      const image = this.#index.find(id);
      if (image === undefined) throw noImage(id);
      const after = change(image);
      return after.owner === image.owner ? this.#put(after) : this.#counted(after.owner, () => this.#put(after));
    });
  }

  /** @param check throws to refuse. @throws AppError not-found */
  remove(id: string, check: (image: Image) => void): Promise<void> {
    return this.#inTurn(id, async () => {
      const image = this.#index.find(id);
      if (image === undefined) throw noImage(id);
      check(image);
      await this.deleted.add(id);
      await rm(this.#path(id), { force: true });
      this.#index.remove(id);
    });
  }

  /** @throws AppError quota (413) */
  async #counted<T>(owner: string | null, task: () => Promise<T>): Promise<T> {
    const inserting = this.#inserting.get(owner) ?? 0;
    if (this.#index.useOf(owner).images + inserting >= this.maxImagesPerProject)
      throw overLimit(`The project may own at most ${this.maxImagesPerProject} images.`);
    this.#inserting.set(owner, inserting + 1);
    try {
      return await task();
    } finally {
      const left = (this.#inserting.get(owner) ?? 1) - 1;
      if (left === 0) this.#inserting.delete(owner);
      else this.#inserting.set(owner, left);
    }
  }

  async #put(image: Image): Promise<Image> {
    await writeAtomically(this.#path(image.id), JSON.stringify(image));
    this.#index.put(image);
    return image;
  }

  async #load(file: string): Promise<void> {
    const id = file.replace(/\.json$/, '');
    // Anything else is a write that a crash cut off.
    if (!isUuid(id)) return rm(join(this.folder, file), { force: true });
    const image = JSON.parse(await readFile(join(this.folder, file), 'utf8')) as Image;
    if (image.status === 'saving') await this.#put(withoutData(image));
    else this.#index.put(image);
  }

  #path(id: string): string {
    return join(this.folder, `${id}.json`);
  }

  async #inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#tails.get(id) ?? Promise.resolve()).then(work, work);
    this.#tails.set(id, turn);
    try {
      return await turn;
    } finally {
      if (this.#tails.get(id) === turn) this.#tails.delete(id);
    }
  }
}
