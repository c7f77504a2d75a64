import type { Principal } from '@kilonova/util';
import { owns, visibleTo } from './access.js';
import { malformed } from './errors.js';
import { propertyChars } from './fields.js';
import type { Image } from './image.js';

/** A page is about so long at most, whatever limit was asked for; the next one goes on from there. */
const PAGE_CHARS = 4_194_304;
/** What an image without free attributes takes of it. */
const IMAGE_CHARS = 1_024;

/** A question for images. */
export interface ImageQuery {
  readonly filters: ReadonlyArray<readonly [name: string, value: string]>;
  readonly sort: ReadonlyArray<{ readonly key: SortKey; readonly descending: boolean }>;
  readonly limit: number;
  readonly marker: string | undefined;
}

const SORT_KEYS = ['name', 'status', 'container_format', 'disk_format', 'size', 'id', 'created_at', 'updated_at'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

/** @throws AppError invalid-input */
export function sortKeyOf(text: string): SortKey {
  const key = SORT_KEYS.find((candidate) => candidate === text);
  if (key === undefined) throw malformed(`Unsupported sort key: ${text}`);
  return key;
}

type Test = (image: Image, value: string) => boolean;

/** `in:a,b` as Glance has it, with double quotes around names that hold commas; else the one value. */
const valuesOf = (value: string): readonly string[] =>
  value.startsWith('in:')
    ? [...value.slice(3).matchAll(/"([^"]*)"|([^,]+)/g)].map((match) => match[1] ?? (match[2] as string))
    : [value];

const byText =
  (key: 'name' | 'status' | 'id' | 'disk_format' | 'container_format'): Test =>
  (image, value) =>
    valuesOf(value).includes(image[key] ?? '');

const byBool =
  (key: 'protected' | 'os_hidden'): Test =>
  (image, value) =>
    image[key] === (value.toLowerCase() === 'true');

const bySize =
  (fits: (size: number, bound: number) => boolean): Test =>
  (image, value) => {
    if (!/^\d+$/.test(value)) throw malformed(`Cannot convert image size '${value}' to an integer`);
    return image.size !== null && fits(image.size, Number(value));
  };

const COMPARISONS: Readonly<Record<string, (time: number, bound: number) => boolean>> = {
  gt: (time, bound) => time > bound,
  gte: (time, bound) => time >= bound,
  lt: (time, bound) => time < bound,
  lte: (time, bound) => time <= bound,
  eq: (time, bound) => time === bound,
  neq: (time, bound) => time !== bound,
};

/** `gte:2026-11-21T00:00:00Z`; without an operator, equality. */
const byTime =
  (key: 'created_at' | 'updated_at'): Test =>
  (image, value) => {
    const [, operator = 'eq', text = ''] = /^(?:(gt|gte|lt|lte|eq|neq):)?(.*)$/.exec(value) ?? [];
    const bound = Date.parse(text);
    if (Number.isNaN(bound)) throw malformed(`Invalid time value: ${text}`);
    return (COMPARISONS[operator] as (typeof COMPARISONS)[string])(Date.parse(image[key]), bound);
  };

const FILTERS: Readonly<Record<string, Test>> = {
  name: byText('name'),
  status: byText('status'),
  id: byText('id'),
  disk_format: byText('disk_format'),
  container_format: byText('container_format'),
  owner: (image, value) => image.owner === value,
  checksum: (image, value) => image.checksum === value,
  os_hash_value: (image, value) => image.os_hash_value === value,
  visibility: (image, value) => value === 'all' || image.visibility === value,
  protected: byBool('protected'),
  os_hidden: byBool('os_hidden'),
  created_at: byTime('created_at'),
  updated_at: byTime('updated_at'),
  tag: (image, value) => image.tags.includes(value),
  size: bySize((size, wanted) => size === wanted),
  size_min: bySize((size, bound) => size >= bound),
  size_max: bySize((size, bound) => size <= bound),
  min_ram: (image, value) => image.min_ram === Number(value),
  min_disk: (image, value) => image.min_disk === Number(value),
  member_status: () => true,
};

const fits = (image: Image, [name, value]: readonly [string, string]): boolean =>
  Object.hasOwn(FILTERS, name) ? (FILTERS[name] as Test)(image, value) : image.properties[name] === value;

/** True when others' community images are asked for: without a word on visibility they are left out. */
export const asksForCommunity = ({ filters }: ImageQuery): boolean => filters.some(([name]) => name === 'visibility');

/** Without a word on visibility, others' community images are left out; hidden ones are shown only on request. */
function shownByDefault(image: Image, query: ImageQuery, principal: Principal): boolean {
  const asked = new Set(query.filters.map(([name]) => name));
  if (!asked.has('visibility') && image.visibility === 'community' && !owns(image, principal)) return false;
  return asked.has('os_hidden') || !image.os_hidden;
}

const compare = (a: Image, b: Image, key: SortKey): number => {
  const [left, right] = [a[key] ?? '', b[key] ?? ''];
  return left < right ? -1 : left > right ? 1 : 0;
};

const ordered =
  (query: ImageQuery) =>
  (a: Image, b: Image): number => {
    for (const { key, descending } of query.sort) {
      const difference = compare(a, b, key);
      if (difference !== 0) return descending ? -difference : difference;
    }
    return compare(b, a, 'created_at') || compare(b, a, 'id');
  };

/** One page of the images that the caller may see, and whether there are more. @throws AppError invalid-input for an unknown marker */
export function listImages(
  images: Iterable<Image>,
  query: ImageQuery,
  principal: Principal,
): { readonly page: readonly Image[]; readonly more: boolean } {
  const all = [...images]
    .filter(
      (image) =>
        visibleTo(image, principal) &&
        shownByDefault(image, query, principal) &&
        query.filters.every((filter) => fits(image, filter)),
    )
    .sort(ordered(query));
  const markerAt = query.marker === undefined ? -1 : all.findIndex((image) => image.id === query.marker);
  if (query.marker !== undefined && markerAt < 0) throw malformed('Invalid marker: there is no such image in the list');
  const page = firstOf(all.slice(markerAt + 1, markerAt + 1 + query.limit));
  return { page, more: markerAt + 1 + page.length < all.length };
}

/** As many as fit into a page, one at least. */
function firstOf(images: readonly Image[]): readonly Image[] {
  let chars = 0;
  const end = images.findIndex((image) => {
    chars += IMAGE_CHARS + propertyChars(image);
    return chars > PAGE_CHARS;
  });
  return end < 0 ? images : images.slice(0, Math.max(1, end));
}
