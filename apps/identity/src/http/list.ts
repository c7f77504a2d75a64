import type { ApiRequest } from '@kilonova/http';

/** What a list can be narrowed by. */
interface Filterable {
  readonly id?: string;
  readonly name?: string;
  readonly domain_id?: string | null;
  readonly enabled?: boolean;
  readonly [field: string]: unknown;
}

const TRUE = new Set(['true', '1', 'yes', '']);

/** Items that match each of the given query parameters among `fields`; parameters that are not given don't narrow. */
export function narrowed<T extends object>(items: readonly T[], query: URLSearchParams, fields: readonly string[]): readonly T[] {
  const wanted = fields.flatMap((field) =>
    query
      .getAll(field)
      .slice(0, 1)
      .map((value) => [field, value] as const),
  );
  return items.filter((item) =>
    wanted.every(([field, value]) => {
      const actual = (item as Filterable)[field];
      return typeof actual === 'boolean' ? actual === TRUE.has(value.toLowerCase()) : actual === value;
    }),
  );
}

/** The `links` of one thing. */
export const selfLink = (request: ApiRequest, path: string): { readonly self: string } => ({
  self: `${request.baseUrl}/v3/${path}`,
});

/** A list's body: the items under their plural, and links without further pages. */
export const listBody = (request: ApiRequest, plural: string, items: readonly unknown[]): Record<string, unknown> => ({
  [plural]: items,
  links: { next: null, self: `${request.baseUrl}${request.url}`, previous: null },
});
