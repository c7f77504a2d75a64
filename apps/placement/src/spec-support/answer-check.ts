import { inSpan, microversion } from '@kilonova/http';
import { Ajv } from 'ajv';
import {
  openApiDocument,
  placementTables,
  type ResponseHeader,
  type ResponseOfStatus,
  successesOf,
  versionsOf,
} from '../http/openapi/index.js';

/** Placement answered what its OpenAPI document does not say: one of the two is wrong. */
export class UndescribedAnswer extends Error {}

/** An answer, its body read when it is JSON. */
export interface SeenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

const FORMATS = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  uri: (text: string) => URL.canParse(text),
};
const ajv = new Ajv({ strict: false, allErrors: true, formats: FORMATS });

const operations = Object.entries(openApiDocument(placementTables).paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { responses }]) => ({
    name: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    url: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    successes: new Map(successesOf(responses)),
  })),
);

/** The successes that the document describes at a microversion, as `GET /traits/{name} 204`. */
export const describedAt = (version: string): readonly string[] =>
  operations.flatMap(({ name, successes }) =>
    [...successes].filter(([, response]) => holds(response['x-microversions'], version)).map(([status]) => `${name} ${status}`),
  );

/**
 * Holds a success against the OpenAPI document: its status, headers and body must be as described for its microversion. Errors
 * and URLs beside the API, such as `/healthcheck`, pass.
 * @returns which success of the document it is, named as in `describedAt`
 * @throws UndescribedAnswer
 */
export function checkAnswer(method: string, path: string, answer: SeenAnswer): string | undefined {
  const url = path.split('?')[0] || '/';
  const operation = operations.find((one) => one.method === method && one.url.test(url));
  if (operation === undefined || answer.status >= 300) return undefined;
  const version = answer.headers.get('openstack-api-version')?.replace('placement ', '') ?? 'no microversion';
  const faults = answerFaults(operation.successes.get(String(answer.status)), version, answer);
  if (faults.length === 0) return `${operation.name} ${answer.status}`;
  const what = `${method} ${path} at ${version}: the answer ${answer.status} is not as the OpenAPI document says`;
  throw new UndescribedAnswer(`${what}:\n${faults.map((fault) => `  ${fault}\n`).join('')}${JSON.stringify(answer.body)}`);
}

function answerFaults(response: ResponseOfStatus | undefined, version: string, answer: SeenAnswer): readonly string[] {
  if (response === undefined) return ['there is no such status'];
  if (!holds(response['x-microversions'], version)) return [`the status is of ${response['x-microversions']}`];
  const ofHeaders = Object.entries(response.headers).flatMap(([name, header]) =>
    headerFaults(name, header, version, answer.headers.get(name)),
  );
  return [...ofHeaders, ...bodyFaults(response, version, answer)];
}

function headerFaults(name: string, header: ResponseHeader, version: string, value: string | null): readonly string[] {
  const known = holds(header['x-microversions'], version);
  if (value === null) return known && header.required ? [`header ${name} is missing`] : [];
  return known ? schemaFaults(header.schema, value, `header ${name}`) : [`header ${name} is of ${header['x-microversions']}`];
}

function bodyFaults({ content }: ResponseOfStatus, version: string, { headers, body }: SeenAnswer): readonly string[] {
  if (content === undefined) return body === '' ? [] : ['the body should be empty'];
  if (headers.get('content-type') !== 'application/json') return [`the body is ${headers.get('content-type')}`];
  const schema = versionsOf(content).find(({ title }) => holds(String(title), version));
  return schema === undefined ? ['there is no schema of this microversion'] : schemaFaults(schema, body, 'body');
}

function schemaFaults(schema: object, value: unknown, name: string): readonly string[] {
  if (ajv.validate(schema, value)) return [];
  return (ajv.errors ?? []).map(
    ({ instancePath, message, params }) => `${name}${instancePath} ${message ?? 'is wrong'} ${JSON.stringify(params)}`,
  );
}

/** True when the version lies in a span as the document writes it: `1.8 – 1.11` or `1.39`. */
function holds(span: string, version: string): boolean {
  const [min = '', max = min] = span.split(' – ');
  return inSpan({ min, max }, microversion(version));
}
