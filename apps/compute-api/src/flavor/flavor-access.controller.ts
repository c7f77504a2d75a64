import { ApiDatabase, FlavorRepository } from '@kilonova/api-db';
import type { Flavor } from '@kilonova/compute-objects';
import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { conflict, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { Since } from '../common/model/microversion.js';
import { ProjectVerifier } from '../common/project-verifier.service.js';
import { flavorNotFound } from './flavor.controller.js';
import { FlavorNotifier } from './flavor.notifier.js';

/** Which projects may use a private flavor. */
@Injectable()
export class FlavorAccessController {
  constructor(
    private readonly database: ApiDatabase,
    private readonly flavors: FlavorRepository,
    private readonly notifier: FlavorNotifier,
    private readonly projects: ProjectVerifier,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const flavor = await this.#flavor(request.params['flavor_id'] as string);
    if (flavor.is_public) throw notFound('compute.flavor.public', 'Access list not available for public flavors.');
    return ok({ flavor_access: await this.#access(flavor) });
  }

  async add(request: ApiRequest<{ readonly addTenantAccess: { readonly tenant: string } }>): Promise<ApiReply> {
    const flavor = await this.#flavor(request.params['id'] as string);
    const { tenant } = request.body.addTenantAccess;
    await this.projects.verify(request, tenant);
    if (flavor.is_public && request.version >= Since.publicFlavorAccess)
      throw conflict('compute.flavor.public', 'Can not add access to a public flavor.');
    if (!(await this.flavors.addProject(await this.database.sql(), flavor.id, tenant))) {
      const message = `Flavor access already exists for flavor ${flavor.flavorid} and project ${tenant} combination.`;
      throw conflict('compute.flavor.access_exists', message);
    }
    return this.#changed(request, flavor);
  }

  async remove(request: ApiRequest<{ readonly removeTenantAccess: { readonly tenant: string } }>): Promise<ApiReply> {
    const flavor = await this.#flavor(request.params['id'] as string);
    const { tenant } = request.body.removeTenantAccess;
    if (!(await this.flavors.removeProject(await this.database.sql(), flavor.id, tenant))) {
      throw notFound(
        'compute.flavor.access_not_found',
        `Flavor access not found for ${flavor.flavorid} / ${tenant} combination.`,
      );
    }
    return this.#changed(request, flavor);
  }

  async #changed(request: ApiRequest, flavor: Flavor): Promise<ApiReply> {
    const access = await this.#access(flavor);
    await this.notifier.changed(
      request.ctx,
      'update',
      flavor,
      access.map((entry) => entry.tenant_id),
    );
    return ok({ flavor_access: access });
  }

  async #flavor(id: string): Promise<Flavor> {
    const flavor = await this.flavors.find(await this.database.sql(), id, null);
    if (flavor === undefined) throw flavorNotFound(id);
    return flavor;
  }

  async #access(flavor: Flavor): Promise<Array<{ flavor_id: string; tenant_id: string }>> {
    const projects = await this.flavors.projects(await this.database.sql(), flavor.id);
    return projects.map((project) => ({ flavor_id: flavor.flavorid, tenant_id: project }));
  }
}
