import type { Route } from '../route.js';
import type { ApiDescription } from './api-description.js';
import { versionsOf } from './json-content.js';
import { type Operation, operationOf } from './operation.js';
import { type ResponseOfStatus, type Responses, successesOf } from './responses.js';

/** `POST …/action`: one operation for OpenAPI, which knows no operations told apart by a body's key, with each action inside. */
export function actionOperation(rows: readonly Route[], api: ApiDescription): Operation {
  const [row] = rows as readonly [Route];
  const byName = Map.groupBy(rows, ({ action }) => action ?? '');
  const actions = [...byName].map(([name, ofAction]) => [name, operationOf(ofAction, api)] as const);
  const { action: _, policy: __, ...url } = row;
  const bodies = actions.flatMap(([name, { requestBody }]) =>
    requestBody === undefined ? [] : versionsOf(requestBody.content).map((schema) => named(name, schema)),
  );
  return {
    ...operationOf([{ ...url, body: [] } as Route], api),
    summary: 'An action: the one key of the body is its name.',
    'x-microversions': [...new Set(actions.map(([, { 'x-microversions': span }]) => span))].join(', '),
    requestBody: { required: true, content: { 'application/json': { schema: { anyOf: bodies } } } },
    responses: mergedResponses(actions),
    'x-actions': Object.fromEntries(actions),
  };
}

const named = (name: string, schema: object) => ({
  ...schema,
  title: `${name}: ${String((schema as { title?: unknown }).title)}`,
});

/** By status what any of the actions answers with it. */
function mergedResponses(actions: ReadonlyArray<readonly [string, Operation]>): Responses {
  const ways = actions.flatMap(([name, { responses }]) =>
    successesOf(responses).map(([status, response]) => ({ name, status, response })),
  );
  const merged = [...Map.groupBy(ways, ({ status }) => status)].map(([status, ofStatus]) => {
    const schemas = ofStatus.flatMap(({ name, response: { content } }) =>
      content === undefined ? [] : versionsOf(content).map((schema) => named(name, schema)),
    );
    const response: ResponseOfStatus = {
      description: ofStatus.map(({ name, response: { description } }) => `${name}: ${description}`).join(' '),
      'x-microversions': [...new Set(ofStatus.map((way) => way.response['x-microversions']))].join(', '),
      headers: {},
      ...(schemas.length > 0 && { content: { 'application/json': { schema: { anyOf: schemas } } } }),
    };
    return [status, response] as const;
  });
  return { ...Object.fromEntries(merged), default: { $ref: '#/components/responses/Error' } };
}
