import type { VersionSpan } from '../microversion.js';
import type { JsonSchema } from '../route.js';
import type { AnswerHeader, Success } from './answers.js';
import type { ApiDescription, VersionRange } from './api-description.js';
import { type JsonContent, jsonContent } from './json-content.js';
import { spanText, within } from './span-text.js';

export interface ResponseHeader {
  readonly description: string;
  /** It is there at each microversion of its span, and at no other. When not required it may be left out. */
  readonly required: boolean;
  readonly schema: JsonSchema;
  readonly 'x-microversions': string;
}

/** What an operation answers with one status; without content the body is empty. */
export interface ResponseOfStatus {
  readonly description: string;
  readonly 'x-microversions': string;
  readonly headers: Readonly<Record<string, ResponseHeader>>;
  readonly content?: JsonContent;
}

/** What an operation answers, by status; every other status is an error. */
export interface Responses {
  readonly default: { readonly $ref: string };
  readonly [success: `2${number}`]: ResponseOfStatus;
}

const versionHeader = (service: string): AnswerHeader => ({
  description: 'The microversion that the response is of.',
  required: true,
  schema: { type: 'string', pattern: `^${service} [0-9]+\\.[0-9]+(,|$)` },
});

/** @param span the microversions that have the operation */
export const responsesOf = (successes: readonly Success[], span: VersionSpan, api: ApiDescription): Responses => ({
  ...Object.fromEntries(successes.map((success) => [success.status, responseOf({ ...span, ...success }, api)])),
  default: { $ref: '#/components/responses/Error' },
});

/** Each status of success and what is answered with it. */
export const successesOf = (responses: Responses): readonly (readonly [status: string, ResponseOfStatus])[] =>
  Object.entries(responses).filter(([status]) => status !== 'default');

function responseOf({ min, max, description, headers, body }: Success, { service, versions }: ApiDescription): ResponseOfStatus {
  const span = { min, max };
  return {
    description,
    'x-microversions': spanText(span, versions),
    headers: headersOf({ 'openstack-api-version': versionHeader(service), ...headers }, versions),
    ...(body !== undefined && { content: jsonContent(within(span, body), versions) }),
  };
}

const headersOf = (
  headers: Readonly<Record<string, AnswerHeader>>,
  versions: VersionRange,
): Readonly<Record<string, ResponseHeader>> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, { min, max, ...header }]) => [
      name,
      { ...header, 'x-microversions': spanText({ min, max }, versions) },
    ]),
  );
