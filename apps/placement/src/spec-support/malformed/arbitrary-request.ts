import type { RawRequest } from '@kilonova/testing';
import fc from 'fast-check';
import { placementRoutes } from '../../http/routes.js';
import { bodyArbitrary, UUIDS } from './arbitrary-body.js';

/** Characters that may stand in a request line. */
const visible = fc.string({ unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)), maxLength: 12 });
const rarely = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: odd });

const oddSegment = fc.oneof(
  visible,
  fc.constantFrom(
    '',
    '.',
    '..',
    '%',
    '%00',
    '%ff',
    '%2f',
    '%e0%80',
    '%uD800',
    ';',
    '*',
    'a'.repeat(5000),
    "'; DROP TABLE x--",
    '🎈',
  ),
  fc.string().map(encodeURIComponent0),
);
const segment = fc.oneof(fc.constantFrom(...UUIDS, 'VCPU', 'CUSTOM_A', 'HW_CPU_X86_AVX2', 'NOPE'), oddSegment);

/** Lone surrogates have no UTF-8. */
function encodeURIComponent0(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

const routedPath = fc.constantFrom(...new Set(placementRoutes.map(({ path }) => path))).chain((path) => {
  const parts = path.split('/').map((part) => (part.startsWith(':') ? segment : rarely(fc.constant(part), oddSegment)));
  return fc.tuple(...parts).map((filled) => filled.join('/'));
});
const oddPath = fc.oneof(
  visible,
  visible.map((text) => `/${text}`),
  fc.constantFrom('*', '//', '/..', '/healthcheck', '/metrics/', 'http://other/', '/%', '/resource_providers/', '/?', '/#'),
);
const path = rarely(routedPath, oddPath);

const KEYS = [
  'resources',
  'required',
  'member_of',
  'in_tree',
  'limit',
  'group_policy',
  'same_subtree',
  'root_required',
  'name',
  'uuid',
  'project_id',
  'user_id',
  'consumer_type',
  'associated',
  'resources1',
  'resources_NET',
  'required_NET',
  'member_of1',
  'in_tree_NET',
  '__proto__',
  'constructor',
];
const VALUES = [
  'VCPU:1',
  'VCPU:1,MEMORY_MB:2',
  'VCPU',
  'VCPU:',
  ':1',
  'VCPU:-1',
  'VCPU:0',
  'VCPU:1.5',
  'VCPU:99999999999999999999',
  'NOPE:1',
  'VCPU:1,VCPU:2',
  'in:HW_CPU_X86_AVX2,NOPE',
  '!HW_CPU_X86_AVX2',
  '!in:HW_CPU_X86_AVX2,CUSTOM_A',
  'in:',
  '!',
  '!in:',
  ',',
  '_NET,1',
  '1',
  '0',
  '-1',
  '1e9',
  'isolate',
  'none',
  'in:startswith',
  'true',
  'startswith:CUSTOM',
  'in:CUSTOM_A',
  'all',
  'unknown',
  'INSTANCE',
  ...UUIDS,
  `in:${UUIDS[0]},${UUIDS[1]}`,
  `!${UUIDS[0]}`,
];
const oddValue = fc.oneof(
  visible,
  fc.string().map(encodeURIComponent0),
  fc.constantFrom('%', '%zz', '%00', '\u00ff', '1'.repeat(6000)),
);
const pair = fc.tuple(rarely(fc.constantFrom(...KEYS), visible), fc.oneof(fc.constantFrom(...VALUES), oddValue));
const oddQuery = fc.array(pair, { maxLength: 5 }).map((pairs) => pairs.map(([key, value]) => `${key}=${value}`).join('&'));
/** Parts of a search that are right by themselves, together often not. */
const nearQuery = fc
  .subarray([
    'resources_NET=VCPU:1',
    'resources1=VCPU:2',
    'required=HW_CPU_X86_AVX2,!CUSTOM_A',
    'required_NET=in:HW_CPU_X86_AVX2,CUSTOM_A',
    `member_of=!in:${UUIDS[3]},${UUIDS[2]}`,
    `in_tree=${UUIDS[0]}`,
    `uuid=${UUIDS[1]}`,
    'limit=3',
    'group_policy=none',
    'same_subtree=_NET,1',
    'root_required=!CUSTOM_A',
  ])
  .map((parts) => ['resources=VCPU:1', ...parts].join('&'));
const query = fc.oneof(nearQuery, oddQuery);
const target = fc.tuple(path, rarely(query, visible)).map(([p, q]) => (q === '' ? p : `${p}?${q}`).replaceAll(/\s/g, '%20'));

const header = (name: string, usual: string, ...odd: string[]): fc.Arbitrary<readonly (readonly [string, string])[]> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant([[name, usual]] as const) },
    { weight: 2, arbitrary: fc.oneof(fc.constantFrom(...odd), visible).map((value) => [[name, value]] as const) },
    { weight: 1, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...odd).map(
        (value) =>
          [
            [name, usual],
            [name, value],
          ] as const,
      ),
    },
  );

const version = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.integer({ min: 0, max: 39 }).map((minor) => [['openstack-api-version', `placement 1.${minor}`]] as const),
  },
  { weight: 5, arbitrary: fc.constant([['openstack-api-version', 'placement 1.39']] as const) },
  {
    weight: 1,
    arbitrary: header(
      'openstack-api-version',
      'placement latest',
      'placement',
      'placement 1',
      'placement 9.9',
      'placement 1.999999999999999999999',
      'compute 2.1',
      'compute 2.1, placement 1.20',
      ',',
      'placement -1.0',
      'PLACEMENT 1.10',
    ),
  },
);
const oddHeader = fc.constantFrom(
  ['transfer-encoding', 'chunked'],
  ['transfer-encoding', 'gzip'],
  ['expect', '100-continue'],
  ['expect', 'pony'],
  ['connection', 'upgrade'],
  ['upgrade', 'websocket'],
  ['content-encoding', 'gzip'],
  ['x-long', 'x'.repeat(20_000)],
  ['x-many\u0000', '1'],
  ['', ''],
  ['traceparent', 'zz'],
  ['x-openstack-request-id', 'req-<script>'],
  ['origin', 'http://evil'],
  ['x-forwarded-host', '\u0001'],
  ['range', 'bytes=0-'],
  ['if-match', '*'],
  ['x-roles', ''],
  ['content-length', 'pony'],
  ['content-length', '-1'],
  ['content-length', '999999999999'],
  ['content-length', '5'],
) as fc.Arbitrary<readonly [string, string]>;

const oddHeaders = fc
  .tuple(
    header('host', '127.0.0.1', '', 'a b', '<x>', '127.0.0.1:99999'),
    header('x-auth-token', 'admin', '', 'user:project', ':', 'a'.repeat(9000), 'ключ'),
    header('x-roles', 'admin,service', 'reader', ',', 'member'),
    header('accept', 'application/json', '*/*', 'text/html', 'text/plain', 'application/json;q=0', ';;;', ''),
    header('content-type', 'application/json', 'text/plain', '', 'application/json; charset=pony', 'multipart/form-data', ';'),
    version,
    fc.oneof({ weight: 8, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: oddHeader.map((odd) => [odd]) }),
  )
  .map((parts) => parts.flat() as readonly (readonly [string, string])[]);

const plainHeaders = fc
  .tuple(fc.oneof(fc.constant(39), fc.integer({ min: 0, max: 39 })), fc.constantFrom('application/json', '*/*'))
  .map(([minor, accept]) => [
    ['host', '127.0.0.1'] as const,
    ['x-auth-token', 'admin'] as const,
    ['x-roles', 'admin,service'] as const,
    ['accept', accept] as const,
    ['content-type', 'application/json'] as const,
    ['openstack-api-version', `placement 1.${minor}`] as const,
  ]);
const headers = fc.oneof({ weight: 3, arbitrary: plainHeaders }, { weight: 1, arbitrary: oddHeaders });

const method = rarely(
  fc.constantFrom('GET', 'PUT', 'POST', 'DELETE'),
  fc.constantFrom('HEAD', 'PATCH', 'OPTIONS', 'TRACE', 'get', 'PONY', 'CONNECT', ''),
);

/** The method and URL of a row, mostly about things that are there. */
const known = (part: string): fc.Arbitrary<string> =>
  part.endsWith('uuid') ? fc.constantFrom(...UUIDS.slice(0, 3)) : fc.constantFrom('VCPU', 'CUSTOM_A', 'HW_CPU_X86_AVX2');
const routed = fc.constantFrom(...placementRoutes).chain((row) => {
  const parts = row.path.split('/').map((part) => (part.startsWith(':') ? rarely(known(part), segment) : fc.constant(part)));
  const asked = row.query === undefined ? rarely(fc.constant(''), query) : query;
  return fc
    .tuple(fc.tuple(...parts), asked)
    .map(([filled, q]) => ({ row, method: row.method as string, target: `${filled.join('/')}${q === '' ? '' : `?${q}`}` }));
});
const unrouted = fc.record({ row: fc.constant(undefined), method, target });

/** Requests from nearly right to no HTTP at all. The length of the body is told rightly unless a header says otherwise. */
export const requestArbitrary: fc.Arbitrary<RawRequest> = fc
  .oneof({ weight: 4, arbitrary: routed }, { weight: 1, arbitrary: unrouted })
  .chain(({ row, method: verb, target: where }) =>
    fc.tuple(fc.constant({ method: verb, target: where }), headers, bodyArbitrary(row)),
  )
  .map(([line, lines, body]) => {
    const isCut = lines.some(([name]) => name === 'content-length' || name === 'transfer-encoding');
    const length = isCut || body === '' ? [] : [['content-length', String(Buffer.byteLength(body))] as const];
    return { ...line, headers: [...lines, ['connection', 'close'] as const, ...length], body, isCut };
  });
