// A mixed load on two placement processes of one database: tenants that claim, move and delete, reshapes, changes of
// providers. Each write is looked at through the other process at once; a ledger keeps what was acknowledged, so that a
// read older than that, or an acknowledged write that got lost, is found.
export { Forest } from './forest.js';
export { LoadClient } from './load-client.js';
export { runMixedLoad } from './run-mixed-load.js';
export { contradictions, settledFaults } from './settled-faults.js';
export { Tally } from './tally.js';
