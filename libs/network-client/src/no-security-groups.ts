import { noNetworkService } from './no-network-service.js';
import { SecurityGroups } from './security-groups.port.js';

/** Of a cloud without a network service: there are none, and none can be made. */
export class NoSecurityGroups extends SecurityGroups {
  list = async () => [];
  find = async () => undefined;
  create = async () => noNetworkService();
  change = async () => noNetworkService();
  delete = async () => noNetworkService();
  createRule = async () => noNetworkService();
  deleteRule = async () => noNetworkService();
  names = async () => new Map<string, string>();
  ofPort = async () => noNetworkService();
}
