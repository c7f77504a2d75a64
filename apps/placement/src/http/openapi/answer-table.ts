import { type JsonSchema, type ResponseOfStatus, type Responses, successesOf, versionsOf } from '@kilonova/http';
import { NAME_PATTERN } from '../../model/names.js';
import { MAPPING_KEY } from '../schemas/allocation.js';
import { UUID_KEY } from '../schemas/responses/pieces.js';
import { consumerTypePattern } from '../schemas/usage.js';

type Properties = Readonly<Record<string, JsonSchema>>;

/** What keys that callers choose stand for. */
const KEY_WORDS: ReadonlyMap<string, string> = new Map([
  [UUID_KEY, 'UUID'],
  [NAME_PATTERN, 'CLASS'],
  [MAPPING_KEY, 'SUFFIX'],
  [consumerTypePattern, 'TYPE'],
]);

/** How an operation succeeds: a row for each status and, where the keys differ, for each span of microversions. */
export function answerTable(responses: Responses): string[] {
  const rows = successesOf(responses).flatMap(([status, response]) =>
    [...outlines(response)].map(([keys, spans]) => `| ${status} | ${spans.join(', ')} | ${keys} |`),
  );
  return ['| answer | microversions | body |', '|---|---|---|', ...rows, ''];
}

/** Outlines of the bodies, each with the spans that share it: links, for one, differ in their values alone. */
function outlines({ content, ...response }: ResponseOfStatus): ReadonlyMap<string, readonly string[]> {
  if (content === undefined) return new Map([['empty', [response['x-microversions']]]]);
  const byOutline = Map.groupBy(versionsOf(content), (schema) => outline(schema));
  return new Map([...byOutline].map(([keys, schemas]) => [keys, schemas.map((schema) => String(schema['title']))]));
}

/** `uuid, links: [rel, href]`: the keys of an object and, inside, those of what it holds. */
function outline(schema: JsonSchema): string {
  const either = schema['oneOf'] as readonly JsonSchema[] | undefined;
  if (either !== undefined) return either.map(outline).join('; or ');
  const named = Object.entries((schema['properties'] as Properties | undefined) ?? {});
  const chosen = Object.entries((schema['patternProperties'] as Properties | undefined) ?? {});
  const words = chosen.map(([pattern, inner]) => [KEY_WORDS.get(pattern) ?? pattern, inner] as const);
  return [...named, ...words].map(([key, inner]) => `${key}${inside(inner)}`).join(', ');
}

function inside(schema: JsonSchema): string {
  if (schema['maxProperties'] === 0) return ': {}';
  const items = schema['items'] as JsonSchema | undefined;
  if (items !== undefined) return `: [${outline(items)}]`;
  const keys = outline(schema);
  return keys === '' ? '' : `: {${keys}}`;
}
