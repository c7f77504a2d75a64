// The API described by its own tables as an OpenAPI document and a page of reference.
export { apiReference, type UpstreamRoutes } from './api-reference.js';
export { computeTables } from './api-tables.js';
export { OpenApiController, openApiRoutes } from './openapi.controller.js';
