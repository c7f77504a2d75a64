// The compute agent: one process for one host or many simulated ones. Takes builds and deletes from its cell's broker,
// runs them on a virt driver, reports states to its cell conductor and inventory to placement. Has no database.
export { computeAgent } from './compute-agent.service.js';
export { agentSections } from './config.js';
export { AGENT_HANDLERS } from './handlers.js';
