// The conductor. Role `super`, beside the API: takes accepted boots to their hosts or to cell0, and sweeps up what was
// lost. Role `cell`: a cell's database on behalf of its agents, which have none, and the alternates of failed builds.
export { cellConductor, superConductor } from './conductor.service.js';
export { cellConductorSections, superConductorSections } from './config.js';
export { CONDUCTOR_HANDLERS } from './handlers.js';
