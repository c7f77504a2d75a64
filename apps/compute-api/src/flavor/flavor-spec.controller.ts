import { ApiDatabase, FlavorRepository } from '@kilonova/api-db';
import type { Flavor } from '@kilonova/compute-objects';
import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { invalid, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { Since } from '../common/model/microversion.js';
import { flavorNotFound } from './flavor.controller.js';
import { FlavorNotifier } from './flavor.notifier.js';
import { extraSpecFault } from './model/extra-spec.js';

type Specs = Readonly<Record<string, string | number>>;

/** Extra specs of flavors: what the scheduler and drivers are to heed. */
@Injectable()
export class FlavorSpecController {
  constructor(
    private readonly database: ApiDatabase,
    private readonly flavors: FlavorRepository,
    private readonly notifier: FlavorNotifier,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const { extra_specs } = await this.#visible(request);
    return ok({ extra_specs });
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    const { extra_specs, flavorid } = await this.#visible(request);
    const key = request.params['id'] as string;
    if (!Object.hasOwn(extra_specs, key)) throw specNotFound(flavorid, key);
    return ok({ [key]: extra_specs[key] });
  }

  async create(request: ApiRequest<{ readonly extra_specs: Specs }>): Promise<ApiReply> {
    await this.#set(request, request.body.extra_specs);
    return ok({ extra_specs: request.body.extra_specs });
  }

  async update(request: ApiRequest<Specs>): Promise<ApiReply> {
    const key = request.params['id'] as string;
    if (!Object.hasOwn(request.body, key)) throw invalid('compute.flavor.spec_mismatch', 'Request body and URI mismatch');
    await this.#set(request, request.body);
    return ok(request.body);
  }

  async remove(request: ApiRequest): Promise<ApiReply> {
    const flavor = await this.#visible(request);
    const key = request.params['id'] as string;
    if (!(await this.flavors.removeSpec(await this.database.sql(), flavor.flavorid, key)))
      throw specNotFound(flavor.flavorid, key);
    const { [key]: _gone, ...rest } = flavor.extra_specs;
    await this.notifier.changed(request.ctx, 'update', { ...flavor, extra_specs: rest });
    return { status: 200 };
  }

  async #set(request: ApiRequest, specs: Specs): Promise<void> {
    const texts = Object.fromEntries(Object.entries(specs).map(([key, value]) => [key, String(value)]));
    const fault = request.version >= Since.extraSpecValidation ? extraSpecFault(texts) : undefined;
    if (fault !== undefined) throw invalid('compute.flavor.spec_invalid', fault);
    const id = request.params['flavor_id'] as string;
    const flavor = await this.flavors.setSpecs(await this.database.sql(), id, texts);
    if (flavor === undefined) throw flavorNotFound(id);
    await this.notifier.changed(request.ctx, 'update', flavor);
  }

  async #visible(request: ApiRequest): Promise<Flavor> {
    const id = request.params['flavor_id'] as string;
    const flavor = await this.flavors.find(
      await this.database.sql(),
      id,
      request.principal.isAdmin ? null : (request.principal.projectId ?? ''),
    );
    if (flavor === undefined) throw flavorNotFound(id);
    return flavor;
  }
}

const specNotFound = (flavorid: string, key: string): Error =>
  notFound('compute.flavor.spec_not_found', `Flavor ${flavorid} has no extra specs with key ${key}.`);
