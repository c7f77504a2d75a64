import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isUuid, writeAtomically } from '@kilonova/util';
import { duplicateImage, noImage } from '../model/errors.js';
import { type Image, withoutData } from '../model/image.js';

/** Metadata of all images: in memory for reading, a JSON file each to survive. A change is answered when it is on disk. */
export class ImageStore {
  readonly #images = new Map<string, Image>();
  /** The last change under way for an image; changes of one image run one after the other. */
  readonly #tails = new Map<string, Promise<unknown>>();

  private constructor(private readonly folder: string) {}

  /** Opens, or makes, a store. Uploads that a crash cut off are queued images again. */
  static async open(stateFolder: string): Promise<ImageStore> {
    const folder = join(stateFolder, 'images');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const store = new ImageStore(folder);
    for (const file of await readdir(folder)) await store.#load(file);
    return store;
  }

  all(): Iterable<Image> {
    return this.#images.values();
  }

  find(id: string): Image | undefined {
    return this.#images.get(id);
  }

  /** @throws AppError conflict when the id is taken */
  insert(image: Image): Promise<Image> {
    return this.#inTurn(image.id, async () => {
      if (this.#images.has(image.id)) throw duplicateImage(image.id);
      return this.#put(image);
    });
  }

  /** Applies a change to the image as it stands then. @throws AppError not-found, and what the change throws */
  update(id: string, change: (image: Image) => Image): Promise<Image> {
    return this.#inTurn(id, async () => {
      const image = this.#images.get(id);
      if (image === undefined) throw noImage(id);
      return this.#put(change(image));
    });
  }

  /** @param check throws to refuse. @throws AppError not-found */
  remove(id: string, check: (image: Image) => void): Promise<void> {
    return this.#inTurn(id, async () => {
      const image = this.#images.get(id);
      if (image === undefined) throw noImage(id);
      check(image);
      await rm(this.#path(id), { force: true });
      this.#images.delete(id);
    });
  }

  async #put(image: Image): Promise<Image> {
    await writeAtomically(this.#path(image.id), JSON.stringify(image));
    this.#images.set(image.id, image);
    return image;
  }

  async #load(file: string): Promise<void> {
    const id = file.replace(/\.json$/, '');
    // Anything else is a write that a crash cut off.
    if (!isUuid(id)) return rm(join(this.folder, file), { force: true });
    const image = JSON.parse(await readFile(join(this.folder, file), 'utf8')) as Image;
    if (image.status === 'saving') await this.#put(withoutData(image));
    else this.#images.set(id, image);
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
