// The commands of `kilonova manage` on the API level's and the cells' databases. Each returns what it found, the lines to
// print, and the exit code that operators' scripts know; none of them prints or exits.
export * from './archive.commands.js';
export * from './cell.commands.js';
export * from './database.commands.js';
export * from './explain.commands.js';
export * from './host.commands.js';
export * from './instance.commands.js';
export * from './manage-context.js';
export * from './provision.commands.js';
export * from './queue.commands.js';
export * from './start-checks.js';
export * from './upgrade.commands.js';
export * from './volume.commands.js';
