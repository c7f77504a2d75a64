import { formatMicroversion, inSpan, microversion, type Offered, pickVersion, type VersionSpan } from '../microversion.js';
import type { SchemaVersion } from '../route.js';
import type { VersionRange } from './api-description.js';

/** `1.8 – 1.11`; an open end is that of the API. */
export function spanText({ min, max }: VersionSpan, versions: VersionRange): string {
  const [first, last] = [min ?? versions.min, max ?? versions.max];
  return first === last ? last : `${first} – ${last}`;
}

/** The same of what may need Kilonova's own extensions: `2.1 – 2.96 with kilonova 1.0`. */
export const offeredText = (one: Offered, versions: VersionRange): string =>
  one.extension === undefined ? spanText(one, versions) : `${spanText(one, versions)} with kilonova ${one.extension}`;

/** True when the version lies in a span as documents write it: `1.8 – 1.11` or `1.39`. */
export function holds(span: string, version: string): boolean {
  const [min = '', max = min] = span.split(' – ');
  return inSpan({ min, max }, microversion(version));
}

/**
 * The schemas of a part of the API that is there at these microversions, each with the span in which it is the first that
 * holds, in ascending order; then those of extensions in the same way. What they leave open ends with the part.
 */
export function within(span: VersionSpan, schemas: readonly SchemaVersion[] = []): readonly SchemaVersion[] {
  const plain = schemas.filter(({ extension }) => extension === undefined);
  const extended = Map.groupBy(
    schemas.filter(({ extension }) => extension !== undefined),
    ({ extension }) => extension,
  );
  return [
    ...pieces(span, plain),
    ...[...extended].flatMap(([extension, versions]) => pieces(span, versions).map((each) => ({ ...each, extension }))),
  ];
}

function pieces(span: VersionSpan, schemas: readonly SchemaVersion[]): readonly SchemaVersion[] {
  const first = span.min === undefined ? OPEN : microversion(span.min);
  const starts = schemas.flatMap(({ min, max }) => [
    ...(min === undefined ? [] : [microversion(min)]),
    ...(max === undefined ? [] : [microversion(max) + 1]),
  ]);
  const cuts = [...new Set([first, ...starts.filter((start) => start > first && inSpan(span, start))])].sort((a, b) => a - b);
  const found = cuts.flatMap((start, index): SchemaVersion[] => {
    const next = cuts[index + 1];
    const held = pickVersion(schemas, { version: start, extension: Number.POSITIVE_INFINITY });
    const min = start === OPEN ? undefined : formatMicroversion(start);
    const max = next === undefined ? span.max : formatMicroversion(next - 1);
    return held === undefined ? [] : [{ min, max, schema: held.schema }];
  });
  return found.reduce<readonly SchemaVersion[]>(joined, []);
}

/** Where a span begins that names no first microversion. */
const OPEN = 0;

/** Neighbours with one schema become one. */
function joined(done: readonly SchemaVersion[], next: SchemaVersion): readonly SchemaVersion[] {
  const last = done.at(-1);
  const touches = last !== undefined && last.max !== undefined && next.min !== undefined && after(last.max) === next.min;
  if (last?.schema !== next.schema || !touches) return [...done, next];
  return [...done.slice(0, -1), { ...last, max: next.max }];
}

const after = (version: string): string => formatMicroversion(microversion(version) + 1);
