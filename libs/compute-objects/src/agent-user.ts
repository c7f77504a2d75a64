/** How the broker users of agents begin; the host follows (`kilonova compose` makes them). */
const PREFIX = 'compute.';

/**
 * The host whose agent a message's sender is, as the broker vouches for it; undefined when it is a service of the control
 * plane, and on a bus without users.
 */
export const hostOfAgentUser = (sender: string | undefined): string | undefined =>
  sender?.startsWith(PREFIX) ? sender.slice(PREFIX.length) : undefined;
