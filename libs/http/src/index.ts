// What the HTTP APIs share: the route table and its pipeline (token → microversion → policy → schema → controller),
// error bodies, pagination links, request ids, health checks. A service brings its table and its style (Nova's or
// Placement's way of saying the same things).
export * from './http-app.js';
export * from './http-fault.js';
export * from './microversion.js';
export * from './no-auth.js';
export * from './openapi/index.js';
export * from './pagination.js';
export * from './pipeline/api-options.js';
export * from './pipeline/mount-api.js';
export * from './pipeline/mount-health.js';
export * from './pipeline/turns.js';
export * from './request.js';
export * from './route.js';
export * from './schema/broken-schemas.js';
export * from './schema/python-float.js';
export * from './schema/python-repr.js';
export * from './schema/schema-fault.js';
export * from './schema/validator.js';
export * from './style/index.js';
