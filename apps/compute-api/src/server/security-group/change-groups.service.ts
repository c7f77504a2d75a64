import type { ApiRequest } from '@kilonova/http';
import { groupOf, NetworkService, ownPorts, type Port, type SecurityGroup } from '@kilonova/network-client';
import { type AppError, conflict, invalid, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { refusedGroup } from '../../security-group/refused-group.js';
import { requesterOf } from '../block-device/requester.js';
import { serverId } from '../core/server-id.js';
import { type ServerInCell, ServerLocator, serverNotFound } from '../core/server-locator.service.js';
import { RefreshInterfaces } from '../interface/refresh-interfaces.service.js';

const groupNotFound = (name: string): AppError =>
  notFound('compute.security_group.not_found', `Security group ${name} not found.`);

/** Puts all ports of a server into a security group, or takes them out of it. What was done before stays so. */
@Injectable()
export class ChangeGroups {
  constructor(
    private readonly locator: ServerLocator,
    private readonly networks: NetworkService,
    private readonly refresh: RefreshInterfaces,
  ) {}

  /** @throws AppError 400 for a port that has no traffic filtered, 404, 409 for a name of several groups; `dependency` */
  async add(request: ApiRequest<unknown>, name: string): Promise<void> {
    const server = await this.#server(request);
    const group = await this.#group(request, name);
    const ports = await this.#ports(request, server);
    for (const port of ports) checkFiltered(port);
    for (const { id, securityGroups: present } of ports)
      if (!present.includes(group.id)) await this.#set(request, id, [...present, group.id]);
    await this.refresh.run(request.ctx, server);
  }

  /** @throws AppError 404 as well for a group that none of its ports is in, 409; `dependency` */
  async remove(request: ApiRequest<unknown>, name: string): Promise<void> {
    const server = await this.#server(request);
    const group = await this.#group(request, name);
    const ports = (await this.#ports(request, server)).filter(({ securityGroups }) => securityGroups.includes(group.id));
    if (ports.length === 0)
      throw notFound(
        'compute.security_group.not_on_server',
        `Security group ${name} not associated with the instance ${server.instance.uuid}`,
      );
    for (const { id, securityGroups } of ports)
      await this.#set(
        request,
        id,
        securityGroups.filter((each) => each !== group.id),
      );
    await this.refresh.run(request.ctx, server);
  }

  async #server(request: ApiRequest<unknown>): Promise<ServerInCell> {
    const found = await this.locator.reach(request, serverId(request));
    if (found.where !== 'cell') throw serverNotFound(found.entry.uuid);
    return found;
  }

  async #group(request: ApiRequest<unknown>, name: string): Promise<SecurityGroup> {
    const found = await groupOf(request.ctx, this.networks.securityGroups, requesterOf(request), name);
    if (found === 'none') throw groupNotFound(name);
    if (found !== 'several') return found;
    throw conflict(
      'compute.security_group.ambiguous',
      `Multiple security_group matches found for name '${name}', use an ID to be more specific.`,
    );
  }

  async #ports({ ctx }: ApiRequest<unknown>, { instance }: ServerInCell): Promise<readonly Port[]> {
    const ports = await ownPorts(ctx, this.networks, instance);
    if (ports.length > 0) return ports;
    throw notFound(
      'compute.security_group.no_ports',
      `instance_id ${instance.uuid} could not be found as device id on any ports`,
    );
  }

  async #set({ ctx }: ApiRequest<unknown>, portId: string, groups: readonly string[]): Promise<void> {
    const outcome = await this.networks.securityGroups.ofPort(ctx, portId, groups);
    if (outcome.outcome === 'refused') throw refusedGroup(outcome);
  }
}

/** @throws AppError 400 */
function checkFiltered({ portSecurity, fixedIps }: Port): void {
  if (portSecurity && fixedIps.length > 0) return;
  throw invalid(
    'compute.security_group.not_applicable',
    'Network requires port_security_enabled and subnet associated in order to apply security groups.',
  );
}
