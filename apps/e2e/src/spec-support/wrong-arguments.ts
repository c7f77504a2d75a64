import { type JsonSchema, type MessageInfo } from '@kilonova/util';
import fc from 'fast-check';

type Path = ReadonlyArray<string | number>;

/** A change of one place in the arguments; `remove`: the member is dropped. */
export type Fault = { readonly path: Path; readonly value: unknown } | { readonly path: Path; readonly remove: true };

/** The bounds of all texts within a schema. */
function* textLimits(schema: unknown): Generator<number> {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'maxLength') yield value as number;
    else yield* textLimits(value);
  }
}

/** Longer than the longest text of the message: wrong wherever a text stands. */
const tooLong = ({ args }: MessageInfo): string => 'x'.repeat(Math.max(...textLimits(args), 255) + 1);

/** Every place in a value, itself included. */
function* places(value: unknown, path: Path = []): Generator<{ path: Path; value: unknown }> {
  yield { path, value };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) yield* places(child, [...path, Array.isArray(value) ? Number(key) : key]);
}

/** What can never stand where the value stands, whatever else may. */
function wrongFor(value: unknown, long: string): unknown[] {
  if (typeof value === 'string') return [42, {}, long];
  if (typeof value === 'number') return ['many', {}, []];
  if (typeof value === 'boolean') return ['yes', 1, null];
  if (Array.isArray(value)) return ['several', { 0: value[0] }, 7];
  return value === null ? [[], true] : ['an object', 7, [value]];
}

const required = (schema: JsonSchema): readonly string[] => schema['required'] as readonly string[];

/** Faults that a receiver has to notice, in valid arguments of the message. */
export function faultsOf(message: MessageInfo, sample: unknown): Fault[] {
  const long = tooLong(message);
  const wrong = [...places(sample)].flatMap(({ path, value }) => wrongFor(value, long).map((bad) => ({ path, value: bad })));
  const missing = required(message.args).map((name) => ({ path: [name], remove: true }) as const);
  return [...wrong, ...missing, ...[null, 'text', 1, true, []].map((value) => ({ path: [], value }))];
}

/** The value with the fault in it; the value itself stays as it is. */
export function withFault(value: unknown, fault: Fault): unknown {
  if (fault.path.length === 0) return 'value' in fault ? fault.value : undefined;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  let parent = copy;
  for (const step of fault.path.slice(0, -1)) parent = parent[step] as Record<string | number, unknown>;
  const last = fault.path.at(-1) as string | number;
  if ('value' in fault) parent[last] = fault.value;
  else delete parent[last];
  return copy;
}

/** Arguments with one fault that has to be noticed. */
export const wrongArguments = (message: MessageInfo, sample: unknown): fc.Arbitrary<unknown> =>
  fc.constantFrom(...faultsOf(message, sample)).map((fault) => withFault(sample, fault));

/** Arguments with anything at all in one place, which may do or not. */
export const oddArguments = (sample: unknown): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.constantFrom(...[...places(sample)].map(({ path }) => path)), fc.jsonValue({ maxDepth: 3 }))
    .map(([path, value]) => withFault(sample, { path, value }));
