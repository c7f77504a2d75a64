import fc from 'fast-check';
import { ODD_KEYS, ODD_VALUES } from './odd-values.js';

export type Schema = Readonly<Record<string, unknown>>;

/** What texts of a name or of a format may be, so that a document gets past its schema. */
export type Samples = Readonly<Record<string, readonly unknown[]>>;

/** What is known of a name, which may be that of an inherited property. */
export const samplesOf = (samples: Samples, name: string): readonly unknown[] | undefined =>
  Object.hasOwn(samples, name) ? samples[name] : undefined;

const FORMATS: Samples = {
  uuid: ['11111111-1111-4111-8111-111111111111'],
  ipv4: ['10.0.0.1'],
  ipv6: ['fe80::1'],
  ip: ['10.0.0.1', 'fe80::1'],
  base64: ['YQ=='],
  uri: ['http://a/b'],
  'date-time': ['2026-01-01T00:00:00Z'],
};
const TEXTS = ['a', 'web-1', '1', 'true', 'x y', '10.0.0.1', '2026-01-01'];

/** Deeper schemas than any; a schema that refers to itself would not end. */
const MAX_DEPTH = 8;

/** Documents that mostly fit a schema. @param samples by the name of a property, tried before what the schema says */
export function documentArbitrary(schema: Schema, samples: Samples, name = '', depth = 0): fc.Arbitrary<unknown> {
  const known = samplesOf(samples, name);
  const own = depth > MAX_DEPTH ? fc.constant(null) : bySchema(schema, samples, name, depth);
  return known === undefined ? own : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: own });
}

function bySchema(schema: Schema, samples: Samples, name: string, depth: number): fc.Arbitrary<unknown> {
  const alternatives = (schema['anyOf'] ?? schema['oneOf']) as readonly Schema[] | undefined;
  if (alternatives !== undefined)
    return fc.oneof(...alternatives.map((inner) => documentArbitrary(inner, samples, name, depth + 1)));
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  if ('const' in schema) return fc.constant(schema['const']);
  const types = [schema['type'] ?? []].flat() as string[];
  if (types.length === 0) return 'properties' in schema ? objectArbitrary(schema, samples, depth) : fc.jsonValue({ maxDepth: 2 });
  return fc.oneof(...types.map((type) => byType(type, schema, samples, name, depth)));
}

function byType(type: string, schema: Schema, samples: Samples, name: string, depth: number): fc.Arbitrary<unknown> {
  switch (type) {
    case 'object':
      return objectArbitrary(schema, samples, depth);
    case 'array':
      return fc.array(documentArbitrary((schema['items'] as Schema | undefined) ?? {}, samples, name, depth + 1), {
        maxLength: 3,
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      return fc.constantFrom(...(FORMATS[String(schema['format'])] ?? TEXTS));
    default:
      return fc.constantFrom(1, 2, 10, Number(schema['minimum'] ?? 0), Number(schema['maximum'] ?? 2 ** 31 - 1));
  }
}

function objectArbitrary(schema: Schema, samples: Samples, depth: number): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema['properties'] as Record<string, Schema> | undefined) ?? {});
  const required = new Set((schema['required'] as readonly string[] | undefined) ?? []);
  const open = 'patternProperties' in schema || properties.length === 0;
  const fields = properties.map(([key, inner]) =>
    fc.tuple(
      fc.constant(key),
      required.has(key) ? fc.constant(true) : fc.nat(3).map((n) => n === 0),
      documentArbitrary(inner, samples, key, depth + 1),
    ),
  );
  const more = open ? fc.dictionary(fc.constantFrom('a', 'key1', 'hw:cpu_policy'), fc.constantFrom(...TEXTS)) : fc.constant({});
  return fc.tuple(fc.tuple(...fields), more).map(([pairs, extra]) => ({
    ...extra,
    ...Object.fromEntries(pairs.filter(([, present]) => present).map(([key, , value]) => [key, value])),
  }));
}

/** Changes one place of a document, somewhere in its depth. */
export function mutated(document: unknown, path: readonly number[], odd: unknown, key: string, how: number): unknown {
  if (typeof document !== 'object' || document === null || path.length === 0) return odd;
  const entries = Object.entries(document);
  const at = (path[0] ?? 0) % (entries.length + 1);
  const [name, value] = entries[at] ?? [key, undefined];
  const inner = at === entries.length ? odd : mutated(value, path.slice(1), odd, key, how);
  const others = entries.filter((_, place) => place !== at);
  const changed: [string, unknown][] = how === 0 ? others : how === 1 ? [...others, [key, value]] : [...others, [name, inner]];
  return Array.isArray(document) ? changed.map(([, each]) => each) : Object.fromEntries(changed);
}

const odd = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...ODD_VALUES) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

/** A document with one place changed into something odd. */
export const nearly = (documents: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(documents, fc.array(fc.nat(7), { maxLength: 5 }), odd, fc.constantFrom(...ODD_KEYS), fc.nat(5))
    .map(([document, path, value, key, how]) => mutated(document, path, value, key, how));
