import { randomUUID } from 'node:crypto';
import type { ImageTransport } from '@kilonova/image-client';

export const IMAGE = '70a599e0-31e7-49b7-b260-868f441e862b';

/** Free properties that lists are filtered by. */
const PROPERTIES = ['image_type', 'instance_uuid', 'backup_type'];

type Document = Record<string, unknown>;
type Asked = Parameters<ImageTransport['send']>[1];
type Reply<T> = Omit<Awaited<ReturnType<ImageTransport['send']>>, 'body'> & { readonly body: T };

/** An image as the image service answers it. */
export const imageDocument = (more: Document = {}): Document => ({
  id: IMAGE,
  name: 'cirros',
  status: 'active',
  visibility: 'public',
  owner: 'p',
  disk_format: 'qcow2',
  container_format: 'bare',
  checksum: null,
  size: 10,
  min_ram: 0,
  min_disk: 0,
  tags: [],
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  ...more,
});

/** What was asked in a caller's name. */
interface AskedAs {
  readonly token: string;
  readonly method: string;
  readonly path: string;
}

/**
 * Stands in for the image service: answers from a map. Callers' tokens (`user:project`) are heeded as the real one does:
 * only the owner's project changes an image, and `readers` change none.
 */
export class ImageShelf implements ImageTransport {
  /** Tokens without the right to change anything. */
  readonly readers = new Set<string>();
  readonly askedAs: AskedAs[] = [];
  /** The status of the next answers to callers, when set. */
  refusal: number | undefined;
  readonly documents = new Map<string, Document>([[IMAGE, imageDocument()]]);

  send<T>(_ctx: unknown, request: Asked): Promise<Reply<T>> {
    const id = /^\/v2\/images\/([^/?]+)$/.exec(request.path)?.[1];
    if (id === undefined) return reply(404);
    const found = this.documents.get(id);
    if (found === undefined) return reply(404);
    if (request.method === 'DELETE') return reply(this.documents.delete(id) ? 204 : 404);
    if (request.method === 'PATCH') this.#patch(id, found, request.body as Array<{ op: string; path: string; value: unknown }>);
    return reply(200, this.documents.get(id) as T);
  }

  sendAs<T>(ctx: unknown, token: string, request: Asked): Promise<Reply<T>> {
    this.askedAs.push({ token, method: request.method, path: request.path });
    if (this.refusal !== undefined) return reply(this.refusal);
    if (request.method === 'POST') return this.#create(token, request.body as Document);
    const emptied = /^\/v2\/images\/([^/?]+)\/file$/.exec(request.path)?.[1];
    if (emptied !== undefined && request.method === 'PUT') return this.#empty(emptied);
    const id = /^\/v2\/images\/([^/?]+)$/.exec(request.path)?.[1];
    const found = id === undefined ? undefined : this.documents.get(id);
    const owns = found?.['owner'] === token.split(':')[1] && !this.readers.has(token);
    if (found !== undefined && request.method !== 'GET' && !owns) return reply(403);
    return id === undefined ? reply(200, this.#page(request.path) as T) : this.send(ctx, request);
  }

  endpoint(): Promise<string> {
    return Promise.resolve('http://image');
  }

  authHeaders(): Promise<Record<string, string>> {
    return Promise.resolve({});
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #create<T>(token: string, body: Document): Promise<Reply<T>> {
    if (this.readers.has(token)) return reply(403);
    const fresh = { id: randomUUID(), status: 'queued', owner: token.split(':')[1], visibility: 'private', size: null };
    const document = imageDocument({ ...fresh, ...body });
    this.documents.set(String(document['id']), document);
    return reply(201, document as T);
  }

  #empty<T>(id: string): Promise<Reply<T>> {
    this.documents.set(id, { ...this.documents.get(id), status: 'active', size: 0 });
    return reply(204);
  }

  #page(path: string): Document {
    const query = new URL(path, 'http://image').searchParams;
    const after = [...this.documents.keys()].indexOf(query.get('marker') ?? '') + 1;
    const fits = (image: Document): boolean =>
      (query.get('status') ?? 'active').includes(String(image['status'])) &&
      (query.get('updated_at') ?? '') < 'gte:2029' &&
      PROPERTIES.every((name) => !query.has(name) || query.get(name) === image[name]);
    const images = [...this.documents.values()].slice(after).filter(fits);
    return { images: images.slice(0, Number(query.get('limit'))) };
  }

  #patch(id: string, document: Document, operations: ReadonlyArray<{ op: string; path: string; value: unknown }>): void {
    const changed = { ...document };
    for (const { op, path, value } of operations) {
      if (op === 'remove') delete changed[path.slice(1)];
      else changed[path.slice(1)] = value;
    }
    this.documents.set(id, changed);
  }
}

const reply = <T>(status: number, body?: T): Promise<Reply<T>> => Promise.resolve({ status, headers: {}, body: body as T });
