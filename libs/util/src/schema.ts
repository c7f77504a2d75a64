/** A JSON Schema (draft-07). */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

declare const described: unique symbol;

/**
 * A JSON Schema that knows the type it describes: what passes it is a `T`, and every `T` may pass it. Made by the
 * functions below, so that schema and type cannot drift apart: `object<T>` wants one entry for each member of `T`.
 */
export interface Schema<T> extends JsonSchema {
  readonly [described]?: (value: T) => T;
}

/** A member that may be left out. */
export interface Optional<T> {
  readonly optional: Schema<T>;
}

type Members<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? Optional<Exclude<T[K], undefined>> : Schema<T[K]>;
};

/** Text of at most so many characters. */
export const text = (maxLength = 255): Schema<string> => ({ type: 'string', maxLength });

/** A name that something is addressed by: not empty. */
export const nameText = (maxLength = 255): Schema<string> => ({ type: 'string', minLength: 1, maxLength });

export const uuid: Schema<string> = {
  type: 'string',
  pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
};

/** ISO 8601 with a zone, as `Date.toISOString` and the databases write it. */
export const isoTime: Schema<string> = {
  type: 'string',
  maxLength: 40,
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:?\\d{2})$',
};

export const flag: Schema<boolean> = { type: 'boolean' };

/** A whole number; both bounds are allowed values. */
export const integer = (minimum = 0, maximum = Number.MAX_SAFE_INTEGER): Schema<number> => ({
  type: 'integer',
  minimum,
  maximum,
});

export const decimal = (minimum = 0): Schema<number> => ({ type: 'number', minimum });

export const oneOf = <const V extends string | number>(values: readonly V[]): Schema<V> => ({ enum: [...values] });

export const nullable = <T>(schema: Schema<T>): Schema<T | null> => ({ anyOf: [{ type: 'null' }, schema] });

export const either = <A, B>(one: Schema<A>, other: Schema<B>): Schema<A | B> => ({ anyOf: [one, other] });

export const list = <T>(items: Schema<T>, maxItems = 10_000): Schema<readonly T[]> => ({ type: 'array', items, maxItems });

export const triple = <T>(items: Schema<T>): Schema<readonly [T, T, T]> => ({ type: 'array', items, minItems: 3, maxItems: 3 });

/** Any names, all with values of one kind. */
export const dictionary = <T>(values: Schema<T>, maxProperties = 10_000): Schema<Readonly<Record<string, T>>> => ({
  type: 'object',
  additionalProperties: values,
  maxProperties,
});

export const optional = <T>(schema: Schema<T>): Optional<T> => ({ optional: schema });

/** An object with the members of `T`. Others are let through: a later minor version may have added them. */
export function object<T>(members: Members<T>): Schema<T> {
  const entries = Object.entries(members as Readonly<Record<string, JsonSchema | Optional<never>>>);
  const mayLack = (member: JsonSchema | Optional<never>): member is Optional<never> => 'optional' in member;
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, member]) => [name, mayLack(member) ? member.optional : member])),
    required: entries.filter(([, member]) => !mayLack(member)).map(([name]) => name),
  };
}
