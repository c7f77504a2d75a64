import { describe, expect, it } from 'vitest';
import { fullFaultText } from './schema-fault.js';
import { validate } from './validator.js';

const schema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 5, pattern: '^[a-z]+$' },
    size: { type: 'integer', minimum: 1, maximum: 9 },
    kind: { enum: ['a', 'b'] },
    flag: { type: ['boolean', 'null'] },
    list: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 2, uniqueItems: true },
    map: {
      type: 'object',
      patternProperties: { '^[A-Z]+$': { type: 'integer', minimum: 1 } },
      additionalProperties: false,
      minProperties: 1,
    },
    either: { anyOf: [{ type: 'string' }, { type: 'integer', minimum: 5 }] },
    one: { oneOf: [{ type: 'integer' }, { minimum: 2 }] },
    not: { not: { type: 'string' } },
    id: { type: 'string', format: 'uuid' },
  },
  required: ['name'],
  additionalProperties: false,
};

const told = (document: unknown, order?: 'first' | 'outermost') => validate(schema, document, { order });

describe('a schema fault', () => {
  // What jsonschema 4.17 prints for the same schema and documents.
  it.each([
    [{}, "'name' is a required property", []],
    [{ name: 1 }, "1 is not of type 'string'", ['name']],
    [{ name: '' }, "'' is too short", ['name']],
    [{ name: 'abcdefg' }, "'abcdefg' is too long", ['name']],
    [{ name: 'A' }, "'A' does not match '^[a-z]+$'", ['name']],
    [{ name: 'a', size: 0 }, '0 is less than the minimum of 1', ['size']],
    [{ name: 'a', size: 10 }, '10 is greater than the maximum of 9', ['size']],
    [{ name: 'a', size: 1.5 }, "1.5 is not of type 'integer'", ['size']],
    [{ name: 'a', size: true }, "True is not of type 'integer'", ['size']],
    [{ name: 'a', kind: 'c' }, "'c' is not one of ['a', 'b']", ['kind']],
    [{ name: 'a', flag: 'x' }, "'x' is not of type 'boolean', 'null'", ['flag']],
    [{ name: 'a', list: [] }, '[] is too short', ['list']],
    [{ name: 'a', list: ['a', 'b', 'c'] }, "['a', 'b', 'c'] is too long", ['list']],
    [{ name: 'a', list: ['a', 'a'] }, "['a', 'a'] has non-unique elements", ['list']],
    [{ name: 'a', list: [1] }, "1 is not of type 'string'", ['list', 0]],
    [{ name: 'a', map: {} }, '{} does not have enough properties', ['map']],
    [{ name: 'a', map: { a: 1 } }, "'a' does not match any of the regexes: '^[A-Z]+$'", ['map']],
    [{ name: 'a', map: { a: 1, b: 2 } }, "'a', 'b' do not match any of the regexes: '^[A-Z]+$'", ['map']],
    [{ name: 'a', map: { A: 0 } }, '0 is less than the minimum of 1', ['map', 'A']],
    [{ name: 'a', either: null }, 'None is not valid under any of the given schemas', ['either']],
    [{ name: 'a', one: 3 }, "3 is valid under each of {'minimum': 2}, {'type': 'integer'}", ['one']],
    [{ name: 'a', not: "it's" }, "\"it's\" should not be valid under {'type': 'string'}", ['not']],
    [{ name: 'a', x: 1 }, "Additional properties are not allowed ('x' was unexpected)", []],
    [{ name: 'a', x: 1, y: 2 }, "Additional properties are not allowed ('x', 'y' were unexpected)", []],
    [{ name: 'a', id: 'pony' }, "'pony' is not a 'uuid'", ['id']],
    [[], "[] is not of type 'object'", []],
    [null, "None is not of type 'object'", []],
    ['"quo\'te"\n', "'\"quo\\'te\"\\n' is not of type 'object'", []],
  ])('of %j is told as Python tells it', (document, message, path) => {
    expect(told(document)).toMatchObject({ message, path });
  });

  it('is the first one in the text of the schema, or the outermost', () => {
    expect(told({ size: 0, x: 1 }, 'first')?.message).toBe('0 is less than the minimum of 1');
    expect(told({ size: 0, x: 1 }, 'outermost')?.message).toBe("'name' is a required property");
    expect(told({ size: 'a', kind: 3, name: '' }, 'first')?.path).toEqual(['name']);
  });

  it('quotes the schema that failed and the place in the document', () => {
    const text = fullFaultText(told({ name: 'a', list: [1] }) as NonNullable<ReturnType<typeof told>>);
    expect(text).toBe(
      "1 is not of type 'string'  Failed validating 'type' in schema['properties']['list']['items']:     {'type': 'string'}  On instance['list'][0]:     1",
    );
  });

  it('does not send a long document back', () => {
    const fault = validate(
      { type: 'string' },
      Array.from({ length: 10_000 }, () => 'x'),
    ) as NonNullable<ReturnType<typeof told>>;
    expect(fullFaultText({ ...fault, message: '' }).length).toBeLessThan(5_000);
  });

  it('accepts uuids with and without dashes', () => {
    expect(told({ name: 'a', id: '11111111000040008000AAAAAAAAAAAA' })).toBeUndefined();
  });

  it('drops unknown keys instead when relaxed, and still refuses what is wrong', () => {
    const document = { name: 'a', x: 1 };
    expect(validate(schema, document, { relaxed: true })).toBeUndefined();
    expect(document).toEqual({ name: 'a' });
    expect(validate(schema, { x: 1 }, { relaxed: true })?.message).toBe("'name' is a required property");
  });
});
