import type { Route } from '../route.js';
import { actionOperation } from './action-operation.js';
import type { ApiDescription } from './api-description.js';
import { type Operation, operationOf, templated } from './operation.js';

/** An OpenAPI 3.1 document, as far as it is read again. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly [more: string]: unknown;
}

/** Describes an API: pure, from its tables alone. Schemas of older microversions stand beside the newest. */
export function openApiDocument(api: ApiDescription): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const [path, ofPath] of Map.groupBy(api.routes, (row) => row.path)) {
    const operations = [...Map.groupBy(ofPath, (row) => row.method)].map(
      ([method, rows]) => [method.toLowerCase(), operationOfUrl(rows, api)] as const,
    );
    paths[templated(path)] = Object.fromEntries(operations);
  }
  return {
    openapi: '3.1.0',
    info: { title: api.title, version: api.versions.max },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'apiKey', in: 'header', name: 'X-Auth-Token' } },
      parameters: { Microversion: microversionHeader(api) },
      responses: { Error: { description: 'Refused or failed.', content: { 'application/json': { schema: api.error } } } },
    },
  };
}

const operationOfUrl = (rows: readonly Route[], api: ApiDescription): Operation =>
  rows.some(({ action }) => action !== undefined) ? actionOperation(rows, api) : operationOf(rows, api);

function microversionHeader({ service, versions: { min, max }, extensions }: ApiDescription) {
  const [major = ''] = min.split('.');
  const own =
    extensions === undefined
      ? { text: '', pattern: '' }
      : {
          text: ` What is Kilonova's own is asked for beside it, \`, kilonova 1.N\`, ${extensions.min} to ${extensions.max}.`,
          pattern: '( *, *kilonova (1\\.[0-9]+|latest))?',
        };
  return {
    name: 'OpenStack-API-Version',
    in: 'header',
    required: false,
    description: `${service} ${major}.N or ${service} latest (${max}); without it ${min} holds.${own.text}`,
    schema: { type: 'string', pattern: `^${service} (${major}\\.[0-9]+|latest)${own.pattern}$` },
  };
}
