import type { ApiRequest } from '@kilonova/http';
import { malformed } from '../model/errors.js';
import { type ImageQuery, sortKeyOf } from '../model/list-images.js';

const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 1000;

/** Parameters that are no filters. */
const PAGING = new Set(['limit', 'marker', 'sort', 'sort_key', 'sort_dir']);

function limitOf(text: string | null): number {
  if (text === null) return DEFAULT_LIMIT;
  if (!/^\d+$/.test(text)) throw malformed('limit param must be an integer');
  return Math.min(Number(text), MAX_LIMIT);
}

function isDescending(direction: string | undefined): boolean {
  if (direction !== undefined && direction !== 'asc' && direction !== 'desc')
    throw malformed(`Invalid sort direction: ${direction}`);
  return direction !== 'asc';
}

/** `sort=name:asc,size` or the older `sort_key` and `sort_dir`, given several times. */
function sortOf(query: URLSearchParams): ImageQuery['sort'] {
  const text = query.get('sort');
  if (text === null) {
    const directions = query.getAll('sort_dir');
    return query
      .getAll('sort_key')
      .map((key, at) => ({ key: sortKeyOf(key), descending: isDescending(directions[at] ?? directions[0]) }));
  }
  return text.split(',').map((part) => {
    const [key = '', direction] = part.split(':');
    return { key: sortKeyOf(key), descending: isDescending(direction) };
  });
}

/** @throws AppError invalid-input for a limit or an order that can't be understood */
export const imageQueryOf = (query: URLSearchParams): ImageQuery => ({
  filters: [...query].filter(([name]) => !PAGING.has(name)),
  sort: sortOf(query),
  limit: limitOf(query.get('limit')),
  marker: query.get('marker') ?? undefined,
});

/** Paths of the first page, and of the next one when there is more after `lastId`. */
export function nextPage(
  request: Pick<ApiRequest, 'query'>,
  lastId: string | undefined,
): { readonly first: string; readonly next?: string } {
  const query = new URLSearchParams(request.query);
  query.delete('marker');
  const path = (): string => (query.size === 0 ? '/v2/images' : `/v2/images?${query}`);
  const first = path();
  if (lastId === undefined) return { first };
  query.set('marker', lastId);
  return { first, next: path() };
}
