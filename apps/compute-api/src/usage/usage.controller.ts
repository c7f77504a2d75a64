import { type ApiReply, type ApiRequest, nextLink, ok, pageLimits } from '@kilonova/http';
import { invalid, isUuid, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { Since } from '../common/model/microversion.js';
import { ComputeSettings } from '../common/settings.js';
import { type Period, utcTime } from './model/audit-time.js';
import type { UsagePage } from './server-usage.repository.js';
import { UsageService } from './usage.service.js';
import { tenantUsageView } from './usage.view.js';

/** Before pages were known, all is told at once; this many servers at most. */
const UNPAGED_LIMIT = 100_000;

/** What projects used, by hours of their servers. */
@Injectable()
export class UsageController {
  constructor(
    private readonly usage: UsageService,
    private readonly settings: ComputeSettings,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const page = this.#page(request, null);
    const detailed = request.query.get('detailed') === '1';
    const { usages, next } = await this.usage.usages(page);
    return ok({
      tenant_usages: usages.map((usage) => tenantUsageView(usage, page.period, detailed)),
      ...(next !== undefined && request.version >= Since.usagePaging ? { tenant_usages_links: [nextLink(request, next)] } : {}),
    });
  }

  /** An empty object when the project used nothing. */
  async show(request: ApiRequest): Promise<ApiReply> {
    const project = request.params['id'] as string;
    if (project === '') throw notFound('compute.usage.no_project', 'The resource could not be found.');
    request.authorize(request.rule, { project_id: project });
    const page = this.#page(request, project);
    const { usages, next } = await this.usage.usages(page);
    const [own] = usages;
    return ok({
      tenant_usage: own === undefined ? {} : tenantUsageView(own, page.period, true),
      ...(next !== undefined && request.version >= Since.usagePaging ? { tenant_usage_links: [nextLink(request, next)] } : {}),
    });
  }

  #page(request: ApiRequest, projectId: string | null): UsagePage {
    const period = periodOf(request.query);
    if (request.version < Since.usagePaging) return { period, projectId, after: null, limit: UNPAGED_LIMIT };
    const { limit, marker } = pageLimits(request.query, this.settings.api.maxLimit);
    if (marker !== undefined && !isUuid(marker)) throw invalid('compute.usage.marker', `marker [${marker}] not found`);
    return { period, projectId, after: marker ?? null, limit };
  }
}

/** From `start` to `end`; what is left out is now. @throws AppError 400 */
function periodOf(query: URLSearchParams): Period {
  const now = new Date();
  const at = (name: string): Date => {
    const text = query.get(name);
    const time = text === null ? now : utcTime(text);
    if (time === undefined) throw invalid('compute.usage.time', 'Datetime is in invalid format');
    return time;
  };
  const period = { from: at('start'), until: at('end') };
  if (period.from > period.until)
    throw invalid('compute.usage.period', 'Invalid start time. The start time cannot occur after the end time.');
  return period;
}
