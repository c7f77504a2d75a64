import type { ApiRequest } from '@kilonova/http';
import type { Network } from '@kilonova/network-client';
import { type AppError, forbidden } from '@kilonova/util';

/** Whether the caller's servers may be put into a network directly: one that leads out of the cloud is for few. */
export const mayUse = (request: Pick<ApiRequest, 'allows'>, { isExternal }: Pick<Network, 'isExternal'>): boolean =>
  !isExternal || request.allows('network:attach_external_network');

export const externalNetwork = (id: string): AppError =>
  forbidden('compute.network.external', `It is not allowed to create an interface on external network ${id}`);
