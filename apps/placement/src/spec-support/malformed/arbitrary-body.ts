import type { Route } from '@kilonova/http';
import { mutated } from '@kilonova/testing';
import fc from 'fast-check';

/** Providers and consumers that requests are about; the spec makes the first two providers. */
export const UUIDS = [1, 2, 3, 4].map((n) => `f0220000-0000-4000-8000-00000000000${n}`);
const [A = '', B = '', C = '', D = ''] = UUIDS;

const inventories = { VCPU: { total: 8, reserved: 0, min_unit: 1, max_unit: 8, step_size: 1, allocation_ratio: 2.5 } };
const owner = { project_id: 'p', user_id: 'u' };
const claim = {
  allocations: { [A]: { resources: { VCPU: 1 } } },
  ...owner,
  consumer_generation: null,
  consumer_type: 'INSTANCE',
};
const reshape = { inventories: { [A]: { resource_provider_generation: 1, inventories } }, allocations: { [C]: claim } };

/** Bodies that would be right in some microversion, by path. */
const RIGHT: Readonly<Record<string, readonly unknown[]>> = {
  '/resource_providers': [
    { name: 'x', uuid: C },
    { name: 'y', parent_provider_uuid: A },
  ],
  '/resource_providers/:uuid': [{ name: 'z' }, { name: 'z', parent_provider_uuid: B }],
  '/resource_providers/:uuid/inventories': [
    { resource_provider_generation: 1, inventories },
    { resource_class: 'VCPU', total: 8 },
  ],
  '/resource_providers/:uuid/inventories/:resource_class': [{ resource_provider_generation: 1, ...inventories.VCPU }],
  '/resource_providers/:uuid/aggregates': [{ resource_provider_generation: 1, aggregates: [D] }, [D]],
  '/resource_providers/:uuid/traits': [{ resource_provider_generation: 1, traits: ['HW_CPU_X86_AVX2', 'CUSTOM_A'] }],
  '/resource_classes': [{ name: 'CUSTOM_A' }],
  '/resource_classes/:name': [{ name: 'CUSTOM_B' }],
  '/allocations': [{ [C]: claim, [D]: { ...claim, allocations: {} } }],
  '/allocations/:consumer_uuid': [
    claim,
    { allocations: [{ resource_provider: { uuid: A }, resources: { VCPU: 1 } }], ...owner },
    { ...claim, mappings: { '': [A] } },
  ],
  '/reshaper': [reshape],
};

const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e308,
  5e-324,
  '',
  ' ',
  '\u0000',
  '\ud800',
  'a'.repeat(70_000),
  '🎈',
  '../x',
  [],
  {},
  [[]],
  [null],
  { a: {} },
  { __proto__: 1 },
  'CUSTOM_A',
  'custom_a',
  'VCPU\n',
  A,
  A.toUpperCase(),
  A.replaceAll('-', ''),
  `{${A}}`,
  '٣',
  'NaN',
  Array(50).fill(A),
];
const ODD_KEYS = [
  '__proto__',
  'constructor',
  'toString',
  '',
  '\u0000',
  'VCPU\n',
  'CUSTOM_Ä',
  A,
  A.toUpperCase(),
  A.replaceAll('-', ''),
  'x'.repeat(300),
];

const odd = fc.oneof(fc.constantFrom(...ODD), fc.jsonValue({ maxDepth: 3 }));
const near = (right: readonly unknown[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...right), fc.array(fc.nat(7), { maxLength: 5 }), odd, fc.constantFrom(...ODD_KEYS), fc.nat(5))
    .map(([document, path, value, key, how]) => JSON.stringify(mutated(document, path, value, key, how)));

/** Bytes that are no UTF-8, within JSON and alone. */
const noText = fc.constantFrom(
  Buffer.from('{"name":"\xc3\x28"}', 'latin1'),
  Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  Buffer.alloc(300),
);

const noJson = fc.oneof(
  noText,
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.toWellFormed()),
  fc.constantFrom(
    '{',
    '[',
    '{"a":1,}',
    '{"a":1}{"b":2}',
    '1e999',
    '-',
    'NaN',
    '\ufeff{}',
    "{'a': 1}",
    '"',
    '[1',
    `${'['.repeat(20_000)}`,
    '{"__proto__":{"x":1}}',
  ),
);

/** A body for a row, or for any when there is none: right, nearly right, or no JSON at all. */
export function bodyArbitrary(row: Route | undefined): fc.Arbitrary<string | Buffer> {
  if (row !== undefined && ['GET', 'DELETE'].includes(row.method)) return fc.constantFrom('', '', '', '{}', 'x');
  const right = row === undefined ? Object.values(RIGHT).flat() : (RIGHT[row.path] ?? [{}]);
  return fc.oneof(
    { weight: 8, arbitrary: near(right) },
    { weight: 2, arbitrary: fc.constantFrom(...right).map((document) => JSON.stringify(document)) },
    {
      weight: 2,
      arbitrary: fc.oneof(
        odd.map((value) => JSON.stringify(value)),
        fc.json({ maxDepth: 4 }),
      ),
    },
    { weight: 1, arbitrary: noJson },
    { weight: 1, arbitrary: fc.constant('') },
  );
}
