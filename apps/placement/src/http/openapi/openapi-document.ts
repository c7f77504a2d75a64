import type { Route } from '@kilonova/http';
import type { PolicyRule } from '@kilonova/policy';
import { type BesideRoutes, type Operation, operationOf, templated } from './operation.js';

/** An OpenAPI 3.1 document, as far as it is read again. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly [more: string]: unknown;
}

export interface ApiTables {
  readonly routes: readonly Route[];
  readonly rules: readonly PolicyRule[];
  /** The newest microversion. */
  readonly version: string;
  readonly besideRoutes: BesideRoutes;
}

/** Describes the API: pure, from its tables alone. Schemas of older microversions stand beside the newest. */
export function openApiDocument({ routes, rules, version, besideRoutes }: ApiTables): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const [path, ofPath] of Map.groupBy(
    routes.filter((row) => !isRefusal(row)),
    (row) => row.path,
  )) {
    const operations = [...Map.groupBy(ofPath, (row) => row.method)].map(
      ([method, rows]) => [method.toLowerCase(), operationOf(rows, rules, besideRoutes, version)] as const,
    );
    paths[templated(path)] = Object.fromEntries(operations);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Placement', version },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'apiKey', in: 'header', name: 'X-Auth-Token' } },
      parameters: { Microversion: microversionHeader(version) },
      responses: { Error: { description: 'Refused or failed.', content: { 'application/json': { schema: errorSchema } } } },
    },
  };
}

/** A row without a rule that is not public and has nothing to read only says that it came too early. */
const isRefusal = (row: Route): boolean => row.public !== true && row.policy === undefined && row.query === undefined;

const microversionHeader = (version: string) => ({
  name: 'OpenStack-API-Version',
  in: 'header',
  required: false,
  description: `placement 1.N or placement latest (${version}); without it 1.0 holds.`,
  schema: { type: 'string', pattern: '^placement (1\\.[0-9]+|latest)$' },
});

const text = { type: 'string' };
const errorSchema = {
  type: 'object',
  required: ['errors'],
  properties: {
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['status', 'title', 'detail', 'request_id'],
        properties: {
          status: { type: 'integer' },
          title: text,
          detail: text,
          code: { ...text, description: 'From 1.23 on.' },
          request_id: text,
          max_version: { ...text, description: 'Of status 406.' },
          min_version: { ...text, description: 'Of status 406.' },
        },
      },
    },
  },
};
