import type { ImageTransport } from '@kilonova/image-client';

type Document = Readonly<Record<string, unknown>>;
type Asked = Parameters<ImageTransport['send']>[1];
type Reply<T> = Omit<Awaited<ReturnType<ImageTransport['send']>>, 'body'> & { readonly body: T };

/** Plays the image service to an administrator: answers from a map. */
export class SomeImages implements ImageTransport {
  readonly documents = new Map<string, Document>();
  isAway = false;

  add(id: string, more: Document): void {
    this.documents.set(id, { id, status: 'active', visibility: 'private', created_at: '2026-11-01T00:00:00Z', ...more });
  }

  send<T>(_ctx: unknown, { method, path }: Asked): Promise<Reply<T>> {
    if (this.isAway) return reply(503);
    const url = new URL(path, 'http://image');
    const id = /^\/v2\/images\/(.+)$/.exec(url.pathname)?.[1];
    if (id === undefined) return reply(200, { images: this.#list(url.searchParams) } as T);
    const found = this.documents.get(id);
    if (found === undefined) return reply(404);
    if (method !== 'DELETE') return reply(200, found as T);
    if (found['protected'] === true) return reply(403);
    this.documents.delete(id);
    return reply(204);
  }

  sendAs(): never {
    throw new Error('a conductor has no token but its own');
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

  #list(query: URLSearchParams): Document[] {
    const filters = [...query].filter(([key]) => key !== 'limit');
    return [...this.documents.values()].filter((image) => filters.every(([key, value]) => image[key] === value));
  }
}

const reply = <T>(status: number, body?: T): Promise<Reply<T>> => Promise.resolve({ status, headers: {}, body: body as T });
