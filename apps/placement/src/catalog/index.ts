// The standard names that everyone shares: traits and resource classes, from data files of the package. Each process puts
// what is missing into the database when it starts; nothing is ever removed.
export { standardResourceClasses, standardTraits } from './standard-names.js';
export { syncCatalog } from './sync-catalog.js';
