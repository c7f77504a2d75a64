import { type ApiReply, type ApiRequest, accepted, ok } from '@kilonova/http';
import { notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { serverId } from '../core/server-id.js';
import { ServerLocator } from '../core/server-locator.service.js';
import { AttachInterface } from './attach-interface.service.js';
import { DetachInterface } from './detach-interface.service.js';
import { attachedView, interfaceView } from './server-interface.view.js';
import type { AttachBody } from './wanted-port.service.js';

const portId = (request: ApiRequest<unknown>): string => request.params['port'] as string;

/** Network interfaces of a server: shown as its cell remembers them, given and taken away by its agent. */
@Injectable()
export class ServerInterfaceController {
  constructor(
    private readonly locator: ServerLocator,
    private readonly attachInterface: AttachInterface,
    private readonly detachInterface: DetachInterface,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const { instance } = await this.locator.reach(request, serverId(request));
    return ok({ interfaceAttachments: instance.network_info.map((vif) => interfaceView(vif, request.version)) });
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    const { instance } = await this.locator.reach(request, serverId(request));
    const vif = instance.network_info.find(({ port_id }) => port_id === portId(request));
    if (vif !== undefined) return ok({ interfaceAttachment: interfaceView(vif, request.version) });
    throw notFound('compute.interface.not_found', `Instance ${instance.uuid} does not have a port with id ${portId(request)}`);
  }

  async attach(request: ApiRequest<AttachBody>): Promise<ApiReply> {
    const port = await this.attachInterface.run(request);
    const tag = request.body.interfaceAttachment?.tag ?? null;
    return ok({ interfaceAttachment: attachedView(port, tag, request.version) });
  }

  async detach(request: ApiRequest): Promise<ApiReply> {
    await this.detachInterface.run(request, portId(request));
    return accepted();
  }
}
