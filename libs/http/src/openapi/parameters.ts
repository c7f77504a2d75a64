import type { JsonSchema, Route, SchemaVersion } from '../route.js';
import type { VersionRange } from './api-description.js';
import { spanText, within } from './span-text.js';

/** One parameter of an operation. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly description?: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

type Properties = Readonly<Record<string, JsonSchema>>;

/** Parameters of the path and of every query schema, each with the microversions that know it. */
export function parametersOf(rows: readonly Route[], range: VersionRange): readonly Parameter[] {
  const [row] = rows as readonly [Route];
  const inPath = [...row.path.matchAll(/:(\w+)/g)].map(
    ([, name = '']): Parameter => ({ name, in: 'path', required: true, schema: { type: 'string' } }),
  );
  return [
    ...inPath,
    ...queryParameters(
      rows.flatMap((each) => within(each, each.query)),
      range,
    ),
  ];
}

/** The newest schema of each name; a name may come and, in principle, go. */
function queryParameters(versions: readonly SchemaVersion[], range: VersionRange): Parameter[] {
  const names = new Set(versions.flatMap(({ schema }) => Object.keys(known(schema))));
  return [...names].sort().map((name) => {
    const knowing = versions.filter(({ schema }) => name in known(schema));
    const newest = knowing.at(-1) as SchemaVersion;
    const span = { min: knowing[0]?.min, max: newest.max };
    const isPattern = name.startsWith('^');
    return {
      name: isPattern ? patternName(name) : name,
      in: 'query',
      description: `Microversions ${spanText(span, range)}.${isPattern ? ` Any name that matches ${name}` : ''}`,
      required: knowing.every(({ schema }) => ((schema['required'] as readonly string[] | undefined) ?? []).includes(name)),
      schema: known(newest.schema)[name] as JsonSchema,
    };
  });
}

const known = (schema: JsonSchema): Properties => ({
  ...((schema['properties'] as Properties | undefined) ?? {}),
  ...((schema['patternProperties'] as Properties | undefined) ?? {}),
});

/** `^resources([1-9][0-9]*)?$` → `resources{N}`, with words as suffixes `resources{SUFFIX}`. */
const patternName = (pattern: string): string =>
  `${/^\^(\w+)/.exec(pattern)?.[1] ?? pattern}${pattern.includes('a-z') ? '{SUFFIX}' : '{N}'}`;
