import { randomUUID } from 'node:crypto';
import { ApiDatabase, FlavorRepository } from '@kilonova/api-db';
import type { Flavor, RequestSpec } from '@kilonova/compute-objects';
import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { CapacityCounter } from './capacity-counter.port.js';

/** How many more servers of a flavor fit now, and where. Kilonova's own, since 1.1. */
@Injectable()
export class CapacityController {
  constructor(
    private readonly database: ApiDatabase,
    private readonly flavors: FlavorRepository,
    private readonly counter: CapacityCounter,
  ) {}

  async show(request: ApiRequest): Promise<ApiReply> {
    const id = request.query.get('flavor') ?? '';
    const flavor = await this.flavors.find(await this.database.sql(), id, null);
    if (flavor === undefined) throw notFound('compute.flavor.not_found', `Flavor ${id} could not be found.`);
    const spec = specOf(flavor, request.query.get('availability_zone'), request.principal);
    const { total, is_complete, hosts, refused, reason } = await this.counter.count(request.ctx, spec);
    const shown = hosts.map(({ host, availability_zone, count }) => ({ host, availability_zone, count }));
    return ok({ capacity: { flavor: flavor.flavorid, total, is_complete, hosts: shown, refused, reason } });
  }
}

/** A server that nobody asked for: of the caller's project, without an image, a group or hints. */
const specOf = (flavor: Flavor, zone: string | null, caller: ApiRequest['principal']): RequestSpec => ({
  instance_uuid: randomUUID(),
  project_id: caller.projectId ?? '',
  user_id: caller.userId,
  num_instances: 1,
  flavor,
  image: null,
  availability_zone: zone,
  scheduler_hints: {},
  instance_group: null,
  ignore_hosts: [],
  force_hosts: [],
  force_nodes: [],
  requested_destination: null,
  security_groups: [],
  is_bfv: false,
  requested_networks: 'none',
});
