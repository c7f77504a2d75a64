import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { integer } from '../common/values.js';
import { classResourcesAt } from './model/quota-resources.js';
import { QuotaService } from './quota.service.js';

/** Quotas of classes; `default` is the one that projects without limits of their own have. */
@Injectable()
export class QuotaClassSetController {
  constructor(private readonly quotas: QuotaService) {}

  async show(request: ApiRequest): Promise<ApiReply> {
    const id = request.params['id'] as string;
    return ok({ quota_class_set: { id, ...(await this.#limits(request, id)) } });
  }

  async update(request: ApiRequest<{ readonly quota_class_set: Readonly<Record<string, unknown>> }>): Promise<ApiReply> {
    const id = request.params['id'] as string;
    const wanted = Object.entries(request.body.quota_class_set).map(([resource, limit]) => [resource, integer(limit, resource)]);
    await this.quotas.changeClass(id, Object.fromEntries(wanted));
    return ok({ quota_class_set: await this.#limits(request, id) });
  }

  async #limits(request: ApiRequest, id: string): Promise<Readonly<Record<string, number>>> {
    const limits = await this.quotas.defaults(id);
    return Object.fromEntries(classResourcesAt(request.version).map((resource) => [resource, limits[resource] ?? -1]));
  }
}
