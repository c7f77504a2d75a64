import type { JsonSchema, SchemaVersion } from '../route.js';
import type { VersionRange } from './api-description.js';
import { offeredText } from './span-text.js';

/** A body of a request or an answer. */
export type JsonContent = Readonly<Record<'application/json', { readonly schema: JsonSchema }>>;

/** One schema for each span of microversions, which is its title; the header of the request says which holds. */
export function jsonContent(versions: readonly SchemaVersion[], range: VersionRange): JsonContent {
  const schemas = versions.map(({ schema, ...span }) => ({ title: offeredText(span, range), ...schema }));
  const [only] = schemas;
  const schema = schemas.length === 1 && only !== undefined ? only : { anyOf: schemas };
  return { 'application/json': { schema } };
}

/** The schemas of a body by their spans, as they were put together: only one that holds alone has a title itself. */
export const versionsOf = ({ 'application/json': { schema } }: JsonContent): readonly JsonSchema[] =>
  schema['title'] === undefined ? ((schema['anyOf'] as readonly JsonSchema[] | undefined) ?? [schema]) : [schema];
