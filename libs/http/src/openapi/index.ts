// An API described by its own tables: routes, schemas of requests and responses, and policy rules become an OpenAPI document,
// against which tests hold every response.
export * from './answer-check.js';
export * from './answers.js';
export * from './api-description.js';
export { versionsOf } from './json-content.js';
export { type OpenApiDocument, openApiDocument } from './openapi-document.js';
export * from './openapi-page.js';
export { keyOf, type Operation, templated } from './operation.js';
export { type ResponseHeader, type ResponseOfStatus, type Responses, successesOf } from './responses.js';
export { byKey, either, fields, goneSince, list, maybe, type Part, replacedAt, type Shape, schemasOf, since } from './shape.js';
export { holds, within } from './span-text.js';
