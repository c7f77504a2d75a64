import { AppError } from '@kilonova/util';
import { NetworkService } from './network-service.port.js';

const none = (): never => {
  throw new AppError({ kind: 'not-implemented', code: 'network.none', message: 'This cloud has no network service.' });
};

/** A cloud without a network service. */
export class NoNetworks extends NetworkService {
  readonly isThere = false;
  available = async () => [];
  findNetwork = async () => undefined;
  findPort = async () => undefined;
  networks = async () => [];
  portsOf = async () => [];
  createPort = async () => none();
  bindPort = async () => none();
  unbindPort = async () => undefined;
  deletePort = async () => undefined;
  close = async () => undefined;
}
