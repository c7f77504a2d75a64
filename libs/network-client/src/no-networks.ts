import { NetworkService } from './network-service.port.js';
import { noNetworkService } from './no-network-service.js';
import { NoSecurityGroups } from './no-security-groups.js';

/** A cloud without a network service. */
export class NoNetworks extends NetworkService {
  readonly isThere = false;
  readonly securityGroups = new NoSecurityGroups();
  available = async () => [];
  findNetwork = async () => undefined;
  findPort = async () => undefined;
  networks = async () => [];
  ports = async () => [];
  subnets = async () => [];
  portsOf = async () => [];
  createPort = async () => noNetworkService();
  bindPort = async () => noNetworkService();
  setFixedIps = async () => noNetworkService();
  unbindPort = async () => undefined;
  deletePort = async () => undefined;
  close = async () => undefined;
}
