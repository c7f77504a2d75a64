import type { ImageTransport } from '@kilonova/image-client';

export const IMAGE = '70a599e0-31e7-49b7-b260-868f441e862b';

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

/** Stands in for the image service: answers from a map. */
export class ImageShelf implements ImageTransport {
  readonly documents = new Map<string, Document>([[IMAGE, imageDocument()]]);

  send<T>(_ctx: unknown, request: Asked): Promise<Reply<T>> {
    const id = /^\/v2\/images\/([^/?]+)$/.exec(request.path)?.[1];
    if (id === undefined) return reply(200, { images: [...this.documents.values()] } as T);
    const found = this.documents.get(id);
    if (found === undefined) return reply(404);
    if (request.method === 'DELETE') return reply(this.documents.delete(id) ? 204 : 404);
    if (request.method === 'PATCH') this.#patch(id, found, request.body as Array<{ op: string; path: string; value: unknown }>);
    return reply(200, this.documents.get(id) as T);
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
