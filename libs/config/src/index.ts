// Configuration: sections of typed settings with help, read once from defaults, a file, the environment and flags.
// A process that is given an unknown or a bad setting does not start, and says all that is wrong at once.
export * from './config.js';
export * from './config-error.js';
export * from './load-config.js';
export * from './option.js';
export * from './section.js';
