// What the HTTP APIs share: the route table and its pipeline (token → microversion → policy → schema → controller),
// error bodies, pagination links, request ids, health checks. A service brings its table and its style (Nova's or
// Placement's way of saying the same things).
export * from './microversion.js';
export * from './request.js';
export * from './route.js';
