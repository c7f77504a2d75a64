/** The broker user of the API level; it may enter every cell, since cells are spoken to from there. */
export const CONTROLLER_USER = 'controller';

/** How the broker users of agents begin; the host follows. */
const AGENT_PREFIX = 'compute.';

/** The broker user of a cell's conductors. */
export const conductorUser = (cell: string): string => `conductor.${cell}`;

/** The broker user of a host's agent; receivers tell by this name whom an agent may speak for. */
export const agentUser = (host: string): string => `${AGENT_PREFIX}${host}`;

/** The host whose agent a broker user is; undefined when it is no agent's name. */
export const hostOfAgentUser = (user: string): string | undefined =>
  user.startsWith(AGENT_PREFIX) ? user.slice(AGENT_PREFIX.length) : undefined;

/** Who gives orders in a cell, or on the API level's broker (`api`): those that the configuration names, else our own users. */
export const controlPlaneOf = (configured: readonly string[], cell: string): readonly string[] =>
  configured.length > 0 ? configured : [CONTROLLER_USER, conductorUser(cell)];
