import { randomUUID } from 'node:crypto';
import { ApiDatabase, type ServerGroup, ServerGroupRepository } from '@kilonova/api-db';
import type { GroupPolicy } from '@kilonova/compute-objects';
import { type ApiReply, type ApiRequest, noContent, ok, ownerOf, pageLimits } from '@kilonova/http';
import { invalid, isUuid, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../common/settings.js';
import { integer } from '../common/values.js';
import { ServerGroupService } from './server-group.service.js';
import { serverGroupView } from './server-group.view.js';

interface CreateBody {
  readonly server_group: {
    readonly name: string;
    readonly policies?: readonly GroupPolicy[];
    readonly policy?: GroupPolicy;
    readonly rules?: { readonly max_server_per_host?: number | string };
  };
}

const RULE = 'os_compute_api:os-server-groups';

/** Server groups: servers that are to stand together, or apart. */
@Injectable()
export class ServerGroupController {
  constructor(
    private readonly database: ApiDatabase,
    private readonly groups: ServerGroupRepository,
    private readonly service: ServerGroupService,
    private readonly settings: ComputeSettings,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const everybody = request.query.has('all_projects');
    if (everybody) request.authorize(`${RULE}:index:all_projects`);
    const { limit } = pageLimits(request.query, this.settings.api.maxLimit);
    const offset = integer(request.query.get('offset') ?? 0, 'offset');
    const found = await this.groups.list(
      await this.database.sql(),
      everybody ? null : (request.principal.projectId ?? ''),
      offset,
      limit,
    );
    return ok({ server_groups: found.map((group) => serverGroupView(request, group)) });
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    return ok({ server_group: serverGroupView(request, await this.#find(request)) });
  }

  async create(request: ApiRequest<CreateBody>): Promise<ApiReply> {
    const { name, policies = [], policy = policies[0] as GroupPolicy, rules = {} } = request.body.server_group;
    const max = rules.max_server_per_host;
    if (max !== undefined && policy !== 'anti-affinity')
      throw invalid('compute.server_group.rules', 'Only anti-affinity policy supports rules.');
    const { projectId = '', userId } = request.principal;
    const group = await this.service.create(request.ctx, {
      uuid: randomUUID(),
      name,
      project_id: projectId,
      user_id: userId,
      policy,
      rules: max === undefined ? {} : { max_server_per_host: integer(max, 'max_server_per_host') },
    });
    return ok({ server_group: serverGroupView(request, group) });
  }

  async remove(request: ApiRequest): Promise<ApiReply> {
    const group = await this.#find(request);
    if (!(await this.service.remove(request.ctx, group))) throw groupNotFound(group.uuid);
    return noContent();
  }

  async #find(request: ApiRequest): Promise<ServerGroup> {
    const id = request.params['id'] as string;
    const group = isUuid(id) ? await this.groups.find(await this.database.sql(), id) : undefined;
    if (group === undefined) throw groupNotFound(id);
    request.authorize(request.rule, ownerOf(group));
    return group;
  }
}

const groupNotFound = (id: string): Error =>
  notFound('compute.server_group.not_found', `Instance group ${id} could not be found.`);
