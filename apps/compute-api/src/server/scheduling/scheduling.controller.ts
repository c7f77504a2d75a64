import { ApiDatabase, SchedulingRecordRepository } from '@kilonova/api-db';
import { type ApiReply, type ApiRequest, microversion, ok, ownerOf } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { ServerLocator } from '../core/server-locator.service.js';
import { schedulingView } from './scheduling.view.js';

/** Records of servers that found a host, and how the choice was made, are shown from here on. */
const TRACED = microversion('1.1');

/** How a server found its host, or why none. Kilonova's own, since 1.0. */
@Injectable()
export class SchedulingController {
  constructor(
    private readonly locator: ServerLocator,
    private readonly database: ApiDatabase,
    private readonly records: SchedulingRecordRepository,
  ) {}

  async show(request: ApiRequest): Promise<ApiReply> {
    const id = request.params['id'] as string;
    const entry = await this.locator.authorizedEntry(request, id);
    const records = await this.records.list(await this.database.sql(), entry.uuid);
    const verdicts = request.allows('kilonova:servers:scheduling:verdicts', ownerOf(entry));
    const traced = (request.extension ?? 0) >= TRACED;
    const shown = records.filter((record) => traced || record.outcome !== 'selected');
    return ok({ scheduling: shown.map((record) => schedulingView(record, verdicts, traced)) });
  }
}
