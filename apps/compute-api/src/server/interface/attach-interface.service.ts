import type { Instance } from '@kilonova/compute-objects';
import type { ApiRequest } from '@kilonova/http';
import type { Port } from '@kilonova/network-client';
import { AppError, conflict, forbidden, invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { AcceptAction } from '../core/accept-action.service.js';
import { AwaitEnd } from '../core/await-end.service.js';
import { isUp } from '../core/model/host-state.js';
import { refuseAction } from '../core/model/refuse-action.js';
import { serverId } from '../core/server-id.js';
import { type ServerInCell, ServerLocator, serverNotFound } from '../core/server-locator.service.js';
import { whenIdle } from '../core/when-idle.js';
import { MAX_INTERFACES } from './model/max-interfaces.js';
import { type AttachBody, type PortForServer, WantedPort } from './wanted-port.service.js';

/** Code of a fault where the hypervisor has no way to do what it was told. */
const NOT_IMPLEMENTED = 501;

/**
 * Gives a server a further interface: its port is found or made, the server's agent is told, and the response waits for the end,
 * as clients know it. What was made is given back when the agent was not told; from then on the agent does that.
 */
@Injectable()
export class AttachInterface {
  constructor(
    private readonly locator: ServerLocator,
    private readonly ports: WantedPort,
    private readonly acceptAction: AcceptAction,
    private readonly awaitEnd: AwaitEnd,
  ) {}

  /** @returns the port as it was given. @throws AppError 400, 403, 404, 409; `dependency` */
  async run(request: ApiRequest<AttachBody>): Promise<Port> {
    const { instance } = await this.#allowed(request);
    const given = await this.ports.get(request, instance);
    const { cell } = await this.#begin(request, given).catch(async (error: unknown) => {
      await this.ports.giveBack(request, given);
      throw error;
    });
    const end = await this.awaitEnd.run(request.ctx, cell, instance.uuid, 'attach_interface');
    if (end.outcome === 'failed') throw notAttached(instance, end.fault.code);
    if (end.outcome === 'overtaken')
      throw conflict('compute.interface.overtaken', `Instance ${instance.uuid} was changed by another request meanwhile.`);
    return given.port;
  }

  #begin(request: ApiRequest<AttachBody>, { port, preserve }: PortForServer): Promise<ServerInCell> {
    const args = { subject: { port_id: port.id }, preserve, tag: request.body.interfaceAttachment?.tag ?? null };
    return whenIdle(serverId(request), async () => {
      const found = await this.#allowed(request);
      return (await this.acceptAction.accept(request.ctx, found, 'attachInterface', args)) ? found : undefined;
    });
  }

  async #allowed(request: ApiRequest<AttachBody>): Promise<ServerInCell> {
    const found = await this.locator.reach(request, serverId(request));
    refuseAction('attachInterface', found, request.principal);
    if (found.where !== 'cell') throw serverNotFound(found.entry.uuid);
    if (!isUp(found.host)) throw conflict('compute.server.host_down', 'Service is unavailable at this time.');
    if (found.instance.network_info.length >= MAX_INTERFACES)
      throw forbidden('compute.interface.too_many', 'Maximum number of ports exceeded');
    return found;
  }
}

const notAttached = ({ uuid }: Instance, code: number): AppError =>
  code === NOT_IMPLEMENTED
    ? invalid('compute.interface.unsupported', `Attaching interfaces is not supported for instance ${uuid}.`)
    : new AppError({
        kind: 'dependency',
        code: 'compute.interface.not_attached',
        message: `Failed to attach network adapter device to ${uuid}`,
      });
