import { type ApiReply, type ApiRequest, boolFromString, ok } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { ProjectVerifier } from '../common/project-verifier.service.js';
import { integer } from '../common/values.js';
import { resourcesAt } from './model/quota-resources.js';
import { type Amounts, QuotaService } from './quota.service.js';

interface UpdateBody {
  readonly quota_set: Readonly<Record<string, unknown>>;
}

/** Quotas of projects and, with `user_id`, of users in them. */
@Injectable()
export class QuotaSetController {
  constructor(
    private readonly quotas: QuotaService,
    private readonly projects: ProjectVerifier,
  ) {}

  async show(request: ApiRequest): Promise<ApiReply> {
    const { project, user } = await this.#verified(request);
    return ok({ quota_set: { id: project, ...pick(request, await this.quotas.limits(project, user)) } });
  }

  async detail(request: ApiRequest): Promise<ApiReply> {
    const { project, user } = await this.#verified(request);
    const [limits, usage] = await Promise.all([this.quotas.limits(project, user), this.quotas.usage(project, user)]);
    const details = Object.entries(pick(request, limits)).map(([resource, limit]) => [
      resource,
      { limit, in_use: usage[resource] ?? 0, reserved: 0 },
    ]);
    return ok({ quota_set: { id: project, ...Object.fromEntries(details) } });
  }

  async defaults(request: ApiRequest): Promise<ApiReply> {
    const { project } = await this.#verified(request);
    return ok({ quota_set: { id: project, ...pick(request, await this.quotas.defaults()) } });
  }

  async update(request: ApiRequest<UpdateBody>): Promise<ApiReply> {
    const { project, user } = await this.#verified(request);
    const { force = false, ...wanted } = request.body.quota_set;
    const limits = Object.fromEntries(Object.entries(wanted).map(([resource, limit]) => [resource, integer(limit, resource)]));
    await this.quotas.change(project, user, limits, boolFromString(force) === true);
    return ok({ quota_set: pick(request, await this.quotas.limits(project, user)) });
  }

  async remove(request: ApiRequest): Promise<ApiReply> {
    const { project, user } = subjectOf(request);
    await this.quotas.reset(project, user);
    return { status: 202 };
  }

  /** Quotas that are taken away need no project any more; all else does. @throws AppError 403, 400 */
  async #verified(request: ApiRequest<unknown>): Promise<QuotaSubject> {
    const subject = subjectOf(request);
    await this.projects.verify(request, subject.project);
    return subject;
  }
}

interface QuotaSubject {
  readonly project: string;
  readonly user: string | null;
}

/** Whose quotas are meant. @throws AppError 403 */
function subjectOf(request: ApiRequest<unknown>): QuotaSubject {
  const project = request.params['id'] as string;
  request.authorize(request.rule, { project_id: project });
  return { project, user: request.query.get('user_id') };
}

const pick = (request: ApiRequest, amounts: Amounts): Amounts =>
  Object.fromEntries(resourcesAt(request.version).map((resource) => [resource, amounts[resource] ?? -1]));
