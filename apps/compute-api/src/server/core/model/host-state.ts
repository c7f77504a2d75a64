/** The service on a server's host, as far as it says whether the host can be trusted to answer. */
export interface HostState {
  readonly disabled: boolean;
  readonly forced_down: boolean;
  /** Heard from within the down time. */
  readonly fresh: boolean;
}

export type HostStatus = 'UP' | 'UNKNOWN' | 'DOWN' | 'MAINTENANCE' | '';

/** `host_status` of a server; empty without a host. Source: microversion 2.16. */
export function hostStatus(state: HostState | null): HostStatus {
  if (state === null) return '';
  if (state.forced_down) return 'DOWN';
  if (state.disabled) return 'MAINTENANCE';
  return state.fresh ? 'UP' : 'UNKNOWN';
}

/** Whether the host can be asked to do something. */
export const isUp = (state: HostState | null): boolean => state !== null && !state.forced_down && state.fresh;
