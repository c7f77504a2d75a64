import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { QuotaService } from '../quota/quota.service.js';
import { absoluteLimits } from './limits.view.js';

/** What a project may have, and how much of it is used. */
@Injectable()
export class LimitsController {
  constructor(private readonly quotas: QuotaService) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const asked = request.query.get('tenant_id');
    if (asked !== null) request.authorize('os_compute_api:limits:other_project', { project_id: asked });
    const project = asked ?? request.principal.projectId ?? '';
    const [limits, usage] = await Promise.all([this.quotas.limits(project, null), this.quotas.usage(project, null)]);
    return ok({ limits: { rate: [], absolute: absoluteLimits(request.version, limits, usage) } });
  }
}
