import { PowerState, type VmState } from '../states.js';

/**
 * What follows when an idle server's guest is not as its state says: `stop`: it is stopped like a client would; `warn`: the
 * operator is told; `none`: the observed power is stored.
 */
export type PowerDeed = 'none' | 'warn' | 'stop';

const { NOSTATE, SHUTDOWN, CRASHED, SUSPENDED, PAUSED, RUNNING } = PowerState;
const OFF: readonly PowerState[] = [SHUTDOWN, CRASHED];
const RUNNING_SOMEHOW: readonly PowerState[] = [RUNNING, PAUSED, SUSPENDED];

/** By the state that a server should be in: what is done when its power is one of these. Source: the published state table. */
const DEEDS: Partial<Record<VmState, Partial<Record<Exclude<PowerDeed, 'none'>, readonly PowerState[]>>>> = {
  active: { stop: [...OFF, SUSPENDED], warn: [PAUSED, NOSTATE] },
  stopped: { stop: RUNNING_SOMEHOW },
  paused: { stop: OFF },
  'soft-delete': { warn: [...RUNNING_SOMEHOW, CRASHED] },
  deleted: { warn: [...RUNNING_SOMEHOW, CRASHED] },
};

/** What is done about an idle server in `vmState` whose guest was observed with `power`. */
export function powerDeed(vmState: VmState, power: PowerState): PowerDeed {
  const { stop = [], warn = [] } = DEEDS[vmState] ?? {};
  if (stop.includes(power)) return 'stop';
  return warn.includes(power) ? 'warn' : 'none';
}
