// Logs, metrics and health, the same in every process: JSON lines with the request id and no secrets, Prometheus
// metrics per service, readiness from named checks, an orderly end.
export * from './breakers.js';
export * from './closings.js';
export * from './health.js';
export * from './log-destination.js';
export * from './logger.js';
export * from './metrics.js';
export * from './run-process.js';
export * from './serve-health.js';
export * from './shared-reading.js';
export * from './start-checks.js';
