import { Ajv } from 'ajv';
import { serviceVersion } from '../style/nova.style.js';
import type { ApiDescription } from './api-description.js';
import { versionsOf } from './json-content.js';
import { openApiDocument } from './openapi-document.js';
import type { Operation } from './operation.js';
import { type ResponseHeader, type ResponseOfStatus, successesOf } from './responses.js';
import { holds } from './span-text.js';

/** A service answered what its OpenAPI document does not say: one of the two is wrong. */
export class UndescribedAnswer extends Error {}

/** A response, its body read when it is JSON. */
export interface SeenAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: unknown;
}

const FORMATS = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  uri: (text: string) => URL.canParse(text),
};

interface Described {
  /** `POST /servers/{id}/action lock` */
  readonly name: string;
  readonly method: string;
  readonly url: RegExp;
  readonly action: string | undefined;
  readonly successes: ReadonlyMap<string, ResponseOfStatus>;
}

/** Holds what a service answers against its OpenAPI document. */
export class AnswerCheck {
  readonly #ajv = new Ajv({ strict: false, allErrors: true, formats: FORMATS, logger: false });
  readonly #service: string;
  readonly #operations: readonly Described[];

  constructor(api: ApiDescription) {
    this.#service = api.service;
    this.#operations = Object.entries(openApiDocument(api).paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) => described(method.toUpperCase(), path, operation)),
    );
  }

  /** For tests: the successes that the document describes at a microversion, as `GET /traits/{name} 204`. */
  describedAt(version: string): readonly string[] {
    return this.#operations.flatMap(({ name, successes }) =>
      [...successes].filter(([, response]) => holds(response['x-microversions'], version)).map(([status]) => `${name} ${status}`),
    );
  }

  /**
   * A success must have the status, headers and body that are described for its microversion. Errors and URLs beside the API,
   * such as `/healthcheck`, pass.
   * @param sent the body of the request, which names the action of `POST …/action`
   * @returns which success of the document it is, named as in `describedAt`
   * @throws UndescribedAnswer
   */
  check(method: string, path: string, answer: SeenAnswer, sent?: unknown): string | undefined {
    const operation = this.#find(method, path.split('?')[0] || '/', sent);
    if (operation === undefined || answer.status >= 400) return undefined;
    const version = serviceVersion(answer.headers.get('openstack-api-version') ?? undefined, this.#service) ?? 'no microversion';
    const faults = this.#faults(operation.successes.get(String(answer.status)), version, answer);
    if (faults.length === 0) return `${operation.name} ${answer.status}`;
    const what = `${method} ${path} at ${version}: the response ${answer.status} is not as the OpenAPI document says`;
    throw new UndescribedAnswer(`${what}:\n${faults.map((fault) => `  ${fault}\n`).join('')}${JSON.stringify(answer.body)}`);
  }

  #find(method: string, url: string, sent: unknown): Described | undefined {
    const action = typeof sent === 'object' && sent !== null ? Object.keys(sent) : [];
    return this.#operations.find(
      (one) => one.method === method && one.url.test(url) && (one.action === undefined || action.includes(one.action)),
    );
  }

  #faults(response: ResponseOfStatus | undefined, version: string, answer: SeenAnswer): readonly string[] {
    if (response === undefined) return ['there is no such status'];
    if (!holds(response['x-microversions'], version)) return [`the status is of ${response['x-microversions']}`];
    const ofHeaders = Object.entries(response.headers).flatMap(([name, header]) =>
      this.#headerFaults(name, header, version, answer.headers.get(name)),
    );
    return [...ofHeaders, ...this.#bodyFaults(response, version, answer)];
  }

  #headerFaults(name: string, header: ResponseHeader, version: string, value: string | null): readonly string[] {
    const known = holds(header['x-microversions'], version);
    if (value === null) return known && header.required ? [`header ${name} is missing`] : [];
    return known
      ? this.#schemaFaults(header.schema, value, `header ${name}`)
      : [`header ${name} is of ${header['x-microversions']}`];
  }

  #bodyFaults({ content }: ResponseOfStatus, version: string, { headers, body }: SeenAnswer): readonly string[] {
    if (content === undefined) return body === '' || body === undefined ? [] : ['the body should be empty'];
    const isEmpty = body === '' || body === undefined;
    if (!isEmpty && headers.get('content-type') !== 'application/json') return [`the body is ${headers.get('content-type')}`];
    const schema = versionsOf(content).find(({ title }) => holds(String(title), version));
    // Where a response has a body at some microversions only, the schema of the others is that of null.
    return schema === undefined
      ? ['there is no schema of this microversion']
      : this.#schemaFaults(schema, isEmpty ? null : body, 'body');
  }

  #schemaFaults(schema: object, value: unknown, name: string): readonly string[] {
    if (this.#ajv.validate(schema, value)) return [];
    return (this.#ajv.errors ?? []).map(
      ({ instancePath, message, params }) => `${name}${instancePath} ${message ?? 'is wrong'} ${JSON.stringify(params)}`,
    );
  }
}

/** An operation, or each of its actions. Of two URLs that match, the one that comes first in the document holds. */
function described(method: string, path: string, operation: Operation): readonly Described[] {
  const url = new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
  const name = `${method} ${path}`;
  const { 'x-actions': actions } = operation;
  const one = (title: string, { responses }: Operation, action?: string): Described => ({
    name: title,
    method,
    url,
    action,
    successes: new Map(successesOf(responses)),
  });
  if (actions === undefined) return [one(name, operation)];
  return Object.entries(actions).map(([action, each]) => one(`${name} ${action}`, each, action));
}
