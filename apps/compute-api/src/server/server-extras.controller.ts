import { type ApiReply, type ApiRequest, noContent, ok } from '@kilonova/http';
import { invalid, notFound } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { ServerLocator } from './core/server-locator.service.js';

/**
 * Parts of a server that need services which this cloud does not have (networks, volumes, consoles): there is nothing of
 * them to show, and nothing that could be added.
 */
@Injectable()
export class ServerExtrasController {
  constructor(@Inject(ServerLocator) private readonly locator: ServerLocator) {}

  async addresses(request: ApiRequest): Promise<ApiReply> {
    await this.#exists(request);
    return ok({ addresses: {} });
  }

  async addressesOfNetwork(request: ApiRequest): Promise<ApiReply> {
    await this.#exists(request);
    throw notFound('compute.ips.not_found', 'Instance is not a member of specified network');
  }

  async interfaces(request: ApiRequest): Promise<ApiReply> {
    await this.#exists(request);
    return ok({ interfaceAttachments: [] });
  }

  async interfaceNotFound(request: ApiRequest): Promise<ApiReply> {
    await this.#exists(request);
    throw notFound('compute.interface.not_found', `Port id ${request.params['port']} could not be found.`);
  }

  async volumes(request: ApiRequest): Promise<ApiReply> {
    await this.#exists(request);
    return ok({ volumeAttachments: [] });
  }

  async volumeNotFound(request: ApiRequest): Promise<ApiReply> {
    await this.#exists(request);
    throw notFound('compute.volume.not_found', `Volume ${request.params['volume']} could not be found.`);
  }

  async securityGroups(request: ApiRequest): Promise<ApiReply> {
    await this.#exists(request);
    return ok({ security_groups: [] });
  }

  /** Guests have no way to hand one over. */
  async password(request: ApiRequest): Promise<ApiReply> {
    await this.#exists(request);
    return ok({ password: '' });
  }

  async clearPassword(request: ApiRequest): Promise<ApiReply> {
    await this.#exists(request);
    return noContent();
  }

  async topology(request: ApiRequest): Promise<ApiReply> {
    await this.#exists(request);
    throw notFound('compute.topology.not_found', `No NUMA topology found for instance ${request.params['id']}`);
  }

  async console(request: ApiRequest): Promise<ApiReply> {
    await this.#exists(request);
    const [wanted] = Object.values(request.body as Record<string, { readonly type?: string }>);
    throw invalid('compute.console.unavailable', `Unavailable console type ${wanted?.type ?? ''}.`);
  }

  /** Live migrations that are under way: there are none. */
  async migrations(request: ApiRequest): Promise<ApiReply> {
    await this.#exists(request);
    return ok({ migrations: [] });
  }

  async migrationNotFound(request: ApiRequest): Promise<ApiReply> {
    await this.#exists(request);
    throw notFound(
      'compute.migration.not_found',
      `In-progress live migration ${request.params['migration']} is not found for server ${request.params['id']}.`,
    );
  }

  async securityGroupNotFound(request: ApiRequest): Promise<ApiReply> {
    await this.#exists(request);
    const [group] = Object.values(request.body as Record<string, { readonly name: string }>);
    throw notFound('compute.security_group.not_found', `Security group ${group?.name} not found.`);
  }

  async attachVolume(request: ApiRequest): Promise<ApiReply> {
    await this.#exists(request);
    const { volumeAttachment } = request.body as { volumeAttachment: { volumeId: string } };
    throw notFound('compute.volume.not_found', `Volume ${volumeAttachment.volumeId} could not be found.`);
  }

  async attachInterface(request: ApiRequest): Promise<ApiReply> {
    await this.#exists(request);
    const { net_id: network, port_id: port } =
      (request.body as { interfaceAttachment?: { net_id?: string; port_id?: string } }).interfaceAttachment ?? {};
    if (port !== undefined) throw notFound('compute.port.not_found', `Port ${port} not found.`);
    if (network !== undefined) throw notFound('compute.network.not_found', `Network ${network} could not be found.`);
    throw invalid('compute.interface.no_network', 'No network could be chosen: this cloud has no network service.');
  }

  async floatingIpNotFound(request: ApiRequest): Promise<ApiReply> {
    await this.#exists(request);
    throw notFound('compute.floating_ip.not_found', 'floating IP not found');
  }

  async #exists(request: ApiRequest): Promise<void> {
    await this.locator.locate(request, request.params['id'] as string);
  }
}
