import { formatMicroversion, type Microversion } from '../microversion.js';
import type { JsonSchema, SchemaVersion } from '../route.js';

/** A body, or a part of one, that changes with the microversion. */
export interface Shape {
  /** The microversions that change it. */
  readonly cuts: readonly Microversion[];
  at(version: Microversion): JsonSchema;
}

/** A key that is there from one microversion on, up to another, or only sometimes. */
class Key {
  constructor(
    readonly part: Shape | JsonSchema,
    readonly from: Microversion = 0,
    readonly until: Microversion = Number.POSITIVE_INFINITY,
    readonly optional = false,
  ) {}
}

/** A shape, or a schema that is the same at every microversion. */
export type Part = Shape | JsonSchema;
type KeyLike = Key | Part;

const isShape = (part: Part): part is Shape => typeof part['at'] === 'function';
const toShape = (part: Part): Shape => (isShape(part) ? part : { cuts: [], at: () => part });
const toKey = (part: KeyLike): Key => (part instanceof Key ? part : new Key(part));

/** The key is there from this microversion on. */
export const since = (version: Microversion, key: KeyLike): Key => {
  const { part, until, optional } = toKey(key);
  return new Key(part, version, until, optional);
};

/** The key is there up to the microversion before this one. */
export const goneSince = (version: Microversion, key: KeyLike): Key => {
  const { part, from, optional } = toKey(key);
  return new Key(part, from, version, optional);
};

/** The key may be left out: it depends on who asks, or on the thing. */
export const maybe = (key: KeyLike): Key => {
  const { part, from, until } = toKey(key);
  return new Key(part, from, until, true);
};

/** An object that has all of its keys and no other. */
export function fields(keys: Readonly<Record<string, KeyLike>>): Shape {
  const entries = Object.entries(keys).map(([name, key]) => ({ name, key: toKey(key), shape: toShape(toKey(key).part) }));
  return {
    cuts: entries.flatMap(({ key, shape }) => [key.from, key.until, ...shape.cuts]),
    at: (version) => {
      const present = entries.filter(({ key }) => version >= key.from && version < key.until);
      return {
        type: 'object',
        properties: Object.fromEntries(present.map(({ name, shape }) => [name, shape.at(version)])),
        required: present.filter(({ key }) => !key.optional).map(({ name }) => name),
        additionalProperties: false,
      };
    },
  };
}

const wrapping = (inner: Part, wrap: (schema: JsonSchema) => JsonSchema): Shape => {
  const { cuts, at } = toShape(inner);
  return { cuts, at: (version) => wrap(at(version)) };
};

/** A list of things of one shape. */
export const list = (items: Part, extra: JsonSchema = {}): Shape =>
  wrapping(items, (schema) => ({ type: 'array', items: schema, ...extra }));

/** An object whose keys are free. */
export const byKey = (values: Part): Shape => wrapping(values, (schema) => ({ type: 'object', additionalProperties: schema }));

/** One of several shapes. */
export function either(...parts: readonly Part[]): Shape {
  const shapes = parts.map(toShape);
  return { cuts: shapes.flatMap(({ cuts }) => cuts), at: (version) => ({ anyOf: shapes.map((shape) => shape.at(version)) }) };
}

/** One shape up to a microversion, and another from it on. */
export const replacedAt = (version: Microversion, before: Part, after: Part): Shape => {
  const [old, fresh] = [toShape(before), toShape(after)];
  return { cuts: [version, ...old.cuts, ...fresh.cuts], at: (asked) => (asked < version ? old : fresh).at(asked) };
};

/** The schemas of a shape, one for each span between microversions that change it. */
export function schemasOf(part: Part): readonly SchemaVersion[] {
  const shape = toShape(part);
  const starts = [...new Set([0, ...shape.cuts.filter(Number.isFinite)])].sort((a, b) => a - b);
  return starts.map((start, index) => {
    const next = starts[index + 1];
    return {
      ...(start === 0 ? {} : { min: formatMicroversion(start) }),
      ...(next === undefined ? {} : { max: formatMicroversion(next - 1) }),
      schema: shape.at(start),
    };
  });
}
