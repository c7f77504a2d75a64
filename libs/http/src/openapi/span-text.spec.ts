import { expect, it } from 'vitest';
import { holds, offeredText, spanText, within } from './span-text.js';

const a = { type: 'string' };
const b = { type: 'integer' };

it('writes spans, open ends as the ends of the API', () => {
  const versions = { min: '2.1', max: '2.96' };
  expect([spanText({}, versions), spanText({ min: '2.9' }, versions), spanText({ min: '2.96' }, versions)]).toEqual([
    '2.1 – 2.96',
    '2.9 – 2.96',
    '2.96',
  ]);
  expect([holds('2.9 – 2.11', '2.10'), holds('2.9 – 2.11', '2.12'), holds('2.9', '2.9')]).toEqual([true, false, true]);
});

it('tells schemas of extensions apart from those without, whichever comes first', () => {
  const schemas = [
    { extension: '1.0', schema: b },
    { max: '2.4', schema: a },
    { min: '2.5', schema: b },
  ];
  const shown = within({ min: '2.3' }, schemas).map(
    (one) => `${offeredText(one, { min: '2.1', max: '2.9' })} ${String(one.schema['type'])}`,
  );
  expect(shown).toEqual(['2.3 – 2.4 string', '2.5 – 2.9 integer', '2.3 – 2.9 with kilonova 1.0 integer']);
});

it.each([
  [
    'open ends end with the part',
    {},
    [
      { max: '2.1', schema: a },
      { min: '2.2', schema: b },
    ],
    ['–2.1 string', '2.2– integer'],
  ],
  ['the first that holds counts', {}, [{ min: '2.75', schema: a }, { schema: b }], ['–2.74 integer', '2.75– string']],
  [
    'what lies outside is left out',
    { min: '2.5', max: '2.8' },
    [
      { max: '2.6', schema: a },
      { min: '2.7', schema: b },
    ],
    ['2.5–2.6 string', '2.7–2.8 integer'],
  ],
  [
    'neighbours with one schema are one',
    {},
    [
      { max: '2.4', schema: a },
      { min: '2.5', schema: a },
    ],
    ['– string'],
  ],
  [
    'gaps stay',
    {},
    [
      { max: '2.4', schema: a },
      { min: '2.6', schema: a },
    ],
    ['–2.4 string', '2.6– string'],
  ],
])('%s', (_what, span, schemas, expected) => {
  const shown = within(span, schemas).map(({ min = '', max = '', schema }) => `${min}–${max} ${String(schema['type'])}`);
  expect(shown).toEqual(expected);
});
