import { expect, it } from 'vitest';
import { byKey, either, fields, goneSince, list, maybe, replacedAt, schemasOf, since } from './shape.js';

const text = { type: 'string' };

it('has a schema for each span between the microversions that change it', () => {
  const thing = fields({ id: text, tags: since(2026, list(text)), old: goneSince(2036, text), host: maybe(since(2026, text)) });
  expect(
    schemasOf(list(thing)).map(({ min, max, schema }) => [min, max, (schema['items'] as { required: string[] }).required]),
  ).toEqual([
    [undefined, '2.25', ['id', 'old']],
    ['2.26', '2.35', ['id', 'tags', 'old']],
    ['2.36', undefined, ['id', 'tags']],
  ]);
});

it('knows optional keys, and no others', () => {
  const [only] = schemasOf(fields({ id: text, host: maybe(text) }));
  expect(only?.schema).toMatchObject({ properties: { id: text, host: text }, required: ['id'], additionalProperties: false });
});

it('nests', () => {
  const shape = byKey(either(fields({ a: since(2002, text) }), replacedAt(2003, text, { type: 'null' })));
  expect(schemasOf(shape).map(({ min }) => min)).toEqual([undefined, '2.2', '2.3']);
  expect(schemasOf(shape).at(-1)?.schema['additionalProperties']).toMatchObject({
    anyOf: [{ required: ['a'] }, { type: 'null' }],
  });
});
