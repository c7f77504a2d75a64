// Configuration: sections of typed options, loaded once at start from defaults < file < environment < flags.
// All faults are told at once, unknown keys fail, the result is frozen and injected by section. This is the only
// place of the code base that reads the environment.
export * from './config.js';
export * from './config-error.js';
export * from './configured.js';
export * from './describe-config.js';
export * from './environment.js';
export * from './health.section.js';
export * from './idle-timeout.option.js';
export * from './load-config.js';
export * from './log.section.js';
export * from './option.js';
export * from './pci.section.js';
export * from './resilience.section.js';
export * from './sample-file.js';
export * from './section.js';
