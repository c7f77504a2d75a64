import { InstanceActionRepository } from '@kilonova/cell-db';
import { type Cell } from '@kilonova/cells';
import { type ApiReply, type ApiRequest, ok, ownerOf, type PolicyTarget, pageLimits } from '@kilonova/http';
import { invalid, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { nextPage } from '../../common/links.js';
import { Since } from '../../common/model/microversion.js';
import { ComputeSettings } from '../../common/settings.js';
import { ServerLocator } from '../core/server-locator.service.js';
import { ActionPageRepository, type ActionQuestion } from './action-page.repository.js';
import { actionView, actionWithEvents } from './instance-action.view.js';

interface Where {
  readonly uuid: string;
  readonly cell: Cell | undefined;
  readonly owner: PolicyTarget;
}

/** What was asked of a server; of deleted ones too since 2.21. */
@Injectable()
export class InstanceActionController {
  constructor(
    private readonly locator: ServerLocator,
    private readonly settings: ComputeSettings,
    private readonly actions: InstanceActionRepository,
    private readonly pages: ActionPageRepository,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const { uuid, cell } = await this.#where(request);
    const question = this.#question(request);
    const found = cell === undefined ? [] : await cell.run((sql) => this.pages.list(sql, uuid, question));
    const { instanceActions_links: links } = nextPage(
      request,
      'instanceActions',
      question.limit,
      found.map((action) => action.request_id),
    );
    const isPaged = request.version >= Since.actionPaging && request.query.has('limit');
    return ok({
      instanceActions: found.map((action) => actionView(action, request.version)),
      ...(isPaged && links !== undefined ? { links } : {}),
    });
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    const { uuid, cell, owner } = await this.#where(request);
    const requestId = request.params['request_id'] as string;
    const found = await cell?.run(async (sql) => {
      const action = await this.actions.find(sql, uuid, requestId);
      return action && { action, events: await this.actions.events(sql, action.id) };
    });
    if (found === undefined) throw notFound('compute.action.not_found', `Action ${requestId} not found`);
    const rights = {
      tracebacks: request.allows('os_compute_api:os-instance-actions:events', owner),
      details: request.allows('os_compute_api:os-instance-actions:events:details', owner),
    };
    return ok({ instanceAction: actionWithEvents(found.action, found.events, request.version, rights) });
  }

  #question(request: ApiRequest): ActionQuestion {
    if (request.version < Since.actionPaging) return { limit: this.settings.api.maxLimit };
    const { limit, marker } = pageLimits(request.query, this.settings.api.maxLimit);
    const [since, before] = [timeOf(request, 'changes-since'), timeOf(request, 'changes-before')];
    if (since !== undefined && before !== undefined && since > before) {
      throw invalid(
        'compute.actions.changes_invalid',
        'The value of changes-since must be less than or equal to changes-before.',
      );
    }
    return { limit, marker, since, before };
  }

  /** No cell: nothing was recorded yet. */
  async #where(request: ApiRequest): Promise<Where> {
    const id = request.params['id'] as string;
    if (request.version < Since.actionsOfDeletedServers) {
      const found = await this.locator.reach(request, id);
      return { uuid: found.instance.uuid, cell: found.where === 'cell' ? found.cell : undefined, owner: ownerOf(found.entry) };
    }
    const entry = await this.locator.authorizedEntry(request, id);
    const cell = entry.cell_id === null ? undefined : await this.locator.cellOf(entry);
    return { uuid: entry.uuid, cell, owner: ownerOf(entry) };
  }
}

const timeOf = (request: ApiRequest, name: string): Date | undefined => {
  const text = request.query.get(name);
  return text === null ? undefined : new Date(text);
};
