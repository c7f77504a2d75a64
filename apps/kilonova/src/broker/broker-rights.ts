import {
  agentRights,
  agentUser,
  type BrokerPermissions,
  CONTROLLER_USER,
  conductorUser,
  controlPlaneRights,
} from '@kilonova/messaging';
import { vhostOf } from './broker-names.js';

/** What a broker user may do in one virtual host. */
export interface BrokerRights extends BrokerPermissions {
  readonly user: string;
  readonly vhost: string;
}

/** The API level, in its own virtual host and in a cell's. */
export const controllerRights = (name: string): BrokerRights => ({
  user: CONTROLLER_USER,
  vhost: vhostOf(name),
  ...controlPlaneRights(),
});

/** A cell's conductors, in their cell alone. */
export const conductorRights = (cell: string): BrokerRights => ({
  user: conductorUser(cell),
  vhost: vhostOf(cell),
  ...controlPlaneRights(),
});

/** A host's agent, in its cell alone. */
export const hostRights = (cell: string, host: string): BrokerRights => ({
  user: agentUser(host),
  vhost: vhostOf(cell),
  ...agentRights(cell, host),
});
