import type { ApiRequest } from '@kilonova/http';
import { conflict } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { AcceptAction } from '../core/accept-action.service.js';
import { isUp } from '../core/model/host-state.js';
import { refuseAction } from '../core/model/refuse-action.js';
import { serverId } from '../core/server-id.js';
import { ServerLocator, serverNotFound } from '../core/server-locator.service.js';
import { whenIdle } from '../core/when-idle.js';
import { interfaceNotFound } from './model/interface-not-found.js';

/** Takes an interface away from a server; its agent does it after the response. */
@Injectable()
export class DetachInterface {
  constructor(
    private readonly locator: ServerLocator,
    private readonly acceptAction: AcceptAction,
  ) {}

  /** @throws AppError 404 for a port that the server does not have, 409 for a state in which it keeps what it has */
  async run(request: ApiRequest<unknown>, portId: string): Promise<void> {
    const args = { subject: { port_id: portId } };
    await whenIdle(serverId(request), async () => {
      const found = await this.locator.reach(request, serverId(request));
      refuseAction('detachInterface', found, request.principal);
      if (found.where !== 'cell') throw serverNotFound(found.entry.uuid);
      if (!found.instance.network_info.some(({ port_id }) => port_id === portId)) throw interfaceNotFound(portId);
      if (!isUp(found.host)) throw conflict('compute.server.host_down', 'Service is unavailable at this time.');
      return (await this.acceptAction.accept(request.ctx, found, 'detachInterface', args)) || undefined;
    });
  }
}
