import { type JsonSchema, validate } from '@kilonova/http';

const UUID = '4a2f3c86-4d0c-4c1c-9d0e-9a3a4ffb7a10';
const TEXTS = ['a', 'name', '1', '', UUID, '10.0.0.1', 'fe80::1', 'YQ==', '2026-01-01T00:00:00Z', 'network-changed', 'completed'];

const fits = (schema: JsonSchema, value: unknown): boolean => validate(schema, value) === undefined;

/** The least document that a schema takes. @throws Error when none is found: the caller then needs one written by hand */
export function sampleOf(schema: JsonSchema): unknown {
  const found = candidates(schema).find((value) => fits(schema, value));
  if (found === undefined) throw new Error(`no sample for ${JSON.stringify(schema)}`);
  return found;
}

function candidates(schema: JsonSchema): readonly unknown[] {
  const { enum: values, anyOf, oneOf, type } = schema as Record<string, readonly JsonSchema[] | undefined>;
  if (values !== undefined) return values;
  const branches = anyOf ?? oneOf;
  if (branches !== undefined) return branches.flatMap(candidates);
  const types = type === undefined ? ['null'] : [type].flat();
  return types.flatMap((name) => ofType(String(name), schema));
}

function ofType(type: string, schema: JsonSchema): readonly unknown[] {
  if (type === 'object') return [objectOf(schema)];
  if (type === 'array')
    return [Array.from({ length: Number(schema['minItems'] ?? 0) }, () => sampleOf(schema['items'] as JsonSchema))];
  if (type === 'string') return TEXTS;
  if (type === 'boolean') return [true, false];
  if (type === 'integer' || type === 'number') return [Number(schema['minimum'] ?? 1), 1, 0];
  return [null];
}

function objectOf(schema: JsonSchema): Record<string, unknown> {
  const properties = (schema['properties'] ?? {}) as Record<string, JsonSchema>;
  const required = (schema['required'] ?? []) as readonly string[];
  const made = Object.fromEntries(required.map((key) => [key, sampleOf(properties[key] ?? {})]));
  const missing = Number(schema['minProperties'] ?? 0) - required.length;
  return missing > 0 ? { ...made, ...someOf(schema, properties, missing) } : made;
}

/** Keys that are free to choose: of the properties, or of a pattern. */
function someOf(schema: JsonSchema, properties: Record<string, JsonSchema>, count: number): Record<string, unknown> {
  const named = Object.entries(properties);
  const patterns = Object.values((schema['patternProperties'] ?? {}) as Record<string, JsonSchema>);
  const open = patterns.map((inner, index) => [`key${index}`, inner] as const);
  return Object.fromEntries([...named, ...open].slice(0, count).map(([key, inner]) => [key, sampleOf(inner)]));
}
