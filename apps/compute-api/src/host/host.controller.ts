import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { AppError, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { HostContentRepository } from '../host-directory/host-content.repository.js';
import { HostDirectory, type LocatedService } from '../host-directory/host-directory.service.js';
import { ServiceAdmin } from '../service/service-admin.service.js';
import { hostResources, hostSummary } from './host.view.js';

interface UpdateBody {
  readonly status?: string;
  readonly maintenance_mode?: string;
}

const notImplemented = (): AppError =>
  new AppError({
    kind: 'not-implemented',
    code: 'compute.host.unsupported',
    message: 'The requested functionality is not supported.',
  });

/** Hosts, as they were known up to 2.42. */
@Injectable()
export class HostController {
  constructor(
    private readonly directory: HostDirectory,
    private readonly admin: ServiceAdmin,
    private readonly content: HostContentRepository,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const zone = request.query.get('zone');
    const { services } = await this.directory.services();
    return ok({ hosts: services.map(hostSummary).filter((host) => !zone || host['zone'] === zone) });
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    const { service, cell } = await this.#find(request);
    const nodes = (await this.directory.nodes()).filter(({ node }) => node.host === service.host);
    const shares = (await cell?.run((sql) => this.content.shares(sql, service.host))) ?? [];
    return ok({ host: hostResources(service.host, nodes, shares) });
  }

  /** Enables or disables the host. Maintenance mode, which moves servers away, no driver offers. */
  async update(request: ApiRequest<UpdateBody>): Promise<ApiReply> {
    const { status, maintenance_mode: maintenance } = request.body;
    const target = await this.#find(request);
    if (maintenance !== undefined) throw notImplemented();
    const disabled = status?.toLowerCase() === 'disable';
    await this.admin.change(request.ctx, target, { disabled, disabled_reason: null });
    return ok({ host: target.service.host, status: disabled ? 'disabled' : 'enabled' });
  }

  /** Starting, stopping and rebooting hosts: there is no driver that can. */
  async power(request: ApiRequest): Promise<ApiReply> {
    await this.#find(request);
    throw notImplemented();
  }

  async #find(request: ApiRequest): Promise<LocatedService> {
    const host = request.params['id'] as string;
    const found = await this.directory.computeService(host);
    if (found === undefined) throw notFound('compute.host.not_found', `Compute host ${host} could not be found.`);
    return found;
  }
}
