// The world of a candidate search: all providers with inventories, usages, traits and aggregates, in typed arrays and
// postings. Pure data: the read model fills it from the database, searches read it. Providers are named by a dense index
// inside; row ids and uuids are what the outside knows them by.
export { InventoryTable } from './inventory-table.js';
export { NameTable } from './name-table.js';
export { Posting } from './posting.js';
export type { InventoryRecord, ProviderRecord, ProviderState } from './records.js';
export { SHARING_TRAIT } from './sharing-index.js';
export { World } from './world.js';
