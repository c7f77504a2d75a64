import fc from 'fast-check';
import { documentArbitrary, nearly, type Samples, type Schema, samplesOf } from './arbitrary-document.js';
import { ODD_BODIES, ODD_QUERY_VALUES, ODD_SEGMENTS, ODD_VALUES } from './odd-values.js';
import type { RawRequest } from './raw-exchange.js';

/** What of a row of a route table requests are made from. */
export interface FuzzedRow {
  readonly method: string;
  readonly path: string;
  readonly action?: string;
  readonly rawBody?: boolean;
  readonly body?: ReadonlyArray<{ readonly schema: Schema }>;
  readonly query?: ReadonlyArray<{ readonly schema: Schema }>;
}

type Headers = ReadonlyArray<readonly [string, string]>;

/** An API that gets malformed requests. */
export interface FuzzedApi {
  readonly rows: readonly FuzzedRow[];
  /** Stands before each path. */
  readonly prefixes: readonly string[];
  /** Sets of headers that the API accepts: token, version. */
  readonly headers: readonly Headers[];
  /** Names of things that are there, by parameter of the path (`:id`) or by path and parameter (`/servers/:id`). */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** Values of fields and of query parameters that are right, by name. */
  readonly samples: Samples;
  /** Further query parameters that handlers read without a schema. */
  readonly parameters: readonly string[];
}

const rarely = <T>(usual: fc.Arbitrary<T>, strange: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 10, arbitrary: usual }, { weight: 1, arbitrary: strange });

/** Characters that may stand in a request line. */
const visible = fc.string({ unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)), maxLength: 12 });

const oddSegment = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...ODD_SEGMENTS) }, { weight: 1, arbitrary: visible });

function pathArbitrary({ path }: FuzzedRow, api: FuzzedApi): fc.Arbitrary<string> {
  const parts = path.split('/').map((part, index, all) => {
    if (!part.startsWith(':'))
      return fc.oneof({ weight: 60, arbitrary: fc.constant(part) }, { weight: 1, arbitrary: oddSegment });
    const names = api.names[all.slice(0, index + 1).join('/')] ?? api.names[part] ?? ['none'];
    return rarely(fc.constantFrom(...names), oddSegment);
  });
  return fc.tuple(fc.constantFrom(...api.prefixes), ...parts).map(([prefix, ...filled]) => `${prefix}${filled.join('/')}`);
}

function queryArbitrary({ query = [] }: FuzzedRow, api: FuzzedApi): fc.Arbitrary<string> {
  const named = query.flatMap(({ schema }) => Object.keys((schema['properties'] as object | undefined) ?? {}));
  const keys = [...new Set([...named, ...api.parameters, 'nonsense', '__proto__', 'constructor', '%00'])];
  const pair = fc.constantFrom(...keys).chain((key) => {
    const right = (samplesOf(api.samples, key) ?? ['1']).map((value) => encodeURIComponent(String(value)));
    return fc.oneof(fc.constantFrom(...right), fc.constantFrom(...ODD_QUERY_VALUES), visible).map((value) => `${key}=${value}`);
  });
  const pairs = fc.array(pair, { maxLength: 5 }).map((list) => list.join('&'));
  const repeated = fc
    .tuple(pair, fc.integer({ min: 2, max: 300 }))
    .map(([one, times]) => Array(times).fill(one).join('&').slice(0, 12_000));
  return fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 6, arbitrary: pairs }, { weight: 1, arbitrary: repeated });
}

function bodyArbitrary(row: FuzzedRow, { samples }: FuzzedApi): fc.Arbitrary<string | Buffer> {
  const schemas = (row.body ?? []).map(({ schema }) => schema);
  const plain: fc.Arbitrary<unknown> =
    schemas.length === 0
      ? fc.constantFrom(null, {}, [])
      : fc.oneof(...schemas.map((schema) => documentArbitrary(schema, samples)));
  const action = row.action;
  const right = action === undefined || schemas.length > 0 ? plain : plain.map((inner) => ({ [action]: inner }));
  const json = (documents: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
    documents.map((document) => JSON.stringify(document) ?? '');
  const bodiless = ['GET', 'DELETE', 'HEAD'].includes(row.method) && schemas.length === 0;
  const sent = fc.oneof(
    { weight: 4, arbitrary: json(right) },
    { weight: 8, arbitrary: json(nearly(right)) },
    { weight: 1, arbitrary: json(fc.constantFrom(...ODD_VALUES)) },
    { weight: 1, arbitrary: fc.constantFrom(...ODD_BODIES) },
    { weight: 1, arbitrary: fc.constant('') },
  );
  return bodiless ? fc.oneof({ weight: 12, arbitrary: fc.constant('') }, { weight: 1, arbitrary: sent }) : sent;
}

const ODD_HEADERS: Headers = [
  ['transfer-encoding', 'chunked'],
  ['expect', 'pony'],
  ['upgrade', 'websocket'],
  ['content-encoding', 'gzip'],
  ['x-long', 'x'.repeat(20_000)],
  ['', ''],
  ['traceparent', 'zz'],
  ['x-openstack-request-id', 'req-<script>'],
  ['origin', 'http://evil'],
  ['range', 'bytes=9-1'],
  ['content-length', '-1'],
  ['content-length', '999999999999'],
  ['x-auth-token', ''],
  ['x-auth-token', 'a'.repeat(9000)],
  ['x-auth-token', 'a:\u00ff'],
  ['x-subject-token', 'a'.repeat(5000)],
  ['openstack-api-version', 'compute 2.999999999999'],
  ['openstack-api-version', ','],
  ['content-type', 'application/json; charset=pony'],
  ['content-type', ''],
  ['accept', 'text/html'],
];

const headersArbitrary = ({ headers }: FuzzedApi): fc.Arbitrary<Headers> =>
  fc
    .tuple(
      fc.constantFrom(...headers),
      fc.oneof(
        { weight: 15, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.constantFrom(...ODD_HEADERS).map((one) => [one]) },
      ),
    )
    .map(([usual, strange]) => [...usual, ...strange]);

const ODD_METHODS = ['HEAD', 'PATCH', 'OPTIONS', 'TRACE', 'get', 'PONY', 'CONNECT', ''];

function requestOf(row: FuzzedRow, api: FuzzedApi): fc.Arbitrary<RawRequest> {
  const method = fc.oneof(
    { weight: 30, arbitrary: fc.constant(row.method) },
    { weight: 1, arbitrary: fc.constantFrom(...ODD_METHODS) },
  );
  return fc
    .tuple(method, pathArbitrary(row, api), queryArbitrary(row, api), headersArbitrary(api), bodyArbitrary(row, api))
    .map(([verb, path, query, headers, body]) => {
      const isCut = headers.some(([name]) => name === 'content-length' || name === 'transfer-encoding');
      const length = isCut || body.length === 0 ? [] : [['content-length', String(Buffer.byteLength(body))] as const];
      const target = `${path}${query === '' ? '' : `?${query}`}`.replaceAll(/\s/g, '%20');
      return { method: verb, target, headers: [...headers, ['connection', 'close'] as const, ...length], body, isCut };
    });
}

/** Requests from right to no HTTP at all, each row of the table as often as any other. */
export const requestArbitrary = (api: FuzzedApi): fc.Arbitrary<RawRequest> =>
  fc.constantFrom(...api.rows).chain((row) => requestOf(row, api));
