import type { Vif } from '@kilonova/compute-objects';

/** The interfaces of a server but the one behind a port. */
export const withoutPort = (vifs: readonly Vif[], portId: string): readonly Vif[] =>
  vifs.filter(({ port_id }) => port_id !== portId);
