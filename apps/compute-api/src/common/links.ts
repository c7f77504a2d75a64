import type { ApiRequest } from '@kilonova/http';

export interface Link {
  readonly rel: 'self' | 'bookmark' | 'next' | 'describedby' | 'alternate';
  readonly href: string;
  readonly type?: string;
}

/** Where links start: the versioned root for `self`, the bare one for `bookmark`. */
export interface LinkBase {
  readonly versioned: string;
  readonly bare: string;
}

/** Links are built on the address that the client used; `/v2` and `/v2.1` keep to themselves. */
export const linkBase = (request: ApiRequest): LinkBase => ({
  versioned: `${request.baseUrl}/${request.url.startsWith('/v2/') ? 'v2' : 'v2.1'}`,
  bare: request.baseUrl,
});

const part = (id: string): string => encodeURIComponent(id);

export const bookmark = (base: LinkBase, collection: string, id: string): Link => ({
  rel: 'bookmark',
  href: `${base.bare}/${collection}/${part(id)}`,
});

/** The two links of a thing that has an address of its own. */
export const links = (base: LinkBase, collection: string, id: string): readonly Link[] => [
  { rel: 'self', href: `${base.versioned}/${collection}/${part(id)}` },
  bookmark(base, collection, id),
];

/** A full page is followed by a link to the next. */
export function nextPage(
  request: ApiRequest,
  collection: string,
  limit: number,
  ids: readonly string[],
): Record<string, readonly Link[]> {
  const last = ids.at(-1);
  if (last === undefined || ids.length < limit) return {};
  const url = new URL(request.url, request.baseUrl);
  url.searchParams.set('marker', last);
  return { [`${collection}_links`]: [{ rel: 'next', href: url.href }] };
}
