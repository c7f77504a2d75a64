// The API described by its own tables: routes, schemas of requests and answers, and policy rules become an OpenAPI document and
// a page of reference.
export { apiReference } from './api-reference.js';
export { placementTables } from './api-tables.js';
export { versionsOf } from './json-content.js';
export { OpenApiController, openApiRoutes } from './openapi.controller.js';
export { type OpenApiDocument, openApiDocument } from './openapi-document.js';
export { type ResponseHeader, type ResponseOfStatus, successesOf } from './responses.js';
