// The compute agent: one process for one host or many simulated ones. Takes builds and deletes from its cell's broker,
// runs them on a virt driver, reports states to its cell conductor and inventory to placement. Has no database.
export { agentSections } from './config.js';
export { AGENT_HANDLERS } from './rpc/handlers.js';
export { type RunningAgent, startAgent } from './start-agent.js';
