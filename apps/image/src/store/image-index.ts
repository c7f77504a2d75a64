import type { Principal } from '@kilonova/util';
import type { Image } from '../model/image.js';

/** What a project owns. */
export interface ProjectUse {
  readonly images: number;
  /** Of data, whole uploads only. */
  readonly bytes: number;
}

const NOTHING: ReadonlyMap<string, Image> = new Map();

/** Images by id, by owner, and those that others than the owner see: a list looks at no image that it can't show. */
export class ImageIndex {
  readonly #byId = new Map<string, Image>();
  readonly #byOwner = new Map<string | null, Map<string, Image>>();
  readonly #open = { public: new Map<string, Image>(), community: new Map<string, Image>() };
  readonly #bytes = new Map<string | null, number>();

  find(id: string): Image | undefined {
    return this.#byId.get(id);
  }

  /** Images that the caller may see, each once. @param communities whether others' community images are wanted */
  *visibleTo(principal: Principal, communities: boolean): Iterable<Image> {
    if (principal.isAdmin) return yield* this.#byId.values();
    const own = this.#byOwner.get(principal.projectId ?? null) ?? NOTHING;
    if (principal.projectId !== undefined) yield* own.values();
    for (const image of this.#open.public.values()) if (!own.has(image.id)) yield image;
    if (communities) for (const image of this.#open.community.values()) if (!own.has(image.id)) yield image;
  }

  useOf(owner: string | null): ProjectUse {
    return { images: this.#byOwner.get(owner)?.size ?? 0, bytes: this.#bytes.get(owner) ?? 0 };
  }

  put(image: Image): void {
    this.remove(image.id);
    this.#byId.set(image.id, image);
    const own = this.#byOwner.get(image.owner) ?? new Map<string, Image>();
    this.#byOwner.set(image.owner, own.set(image.id, image));
    this.#addBytes(image.owner, image.size ?? 0);
    if (image.visibility === 'public' || image.visibility === 'community') this.#open[image.visibility].set(image.id, image);
  }

  remove(id: string): void {
    const image = this.#byId.get(id);
    if (image === undefined) return;
    this.#byId.delete(id);
    this.#open.public.delete(id);
    this.#open.community.delete(id);
    this.#addBytes(image.owner, -(image.size ?? 0));
    const own = this.#byOwner.get(image.owner);
    own?.delete(id);
    if (own?.size !== 0) return;
    this.#byOwner.delete(image.owner);
    this.#bytes.delete(image.owner);
  }

  #addBytes(owner: string | null, change: number): void {
    this.#bytes.set(owner, (this.#bytes.get(owner) ?? 0) + change);
  }
}
