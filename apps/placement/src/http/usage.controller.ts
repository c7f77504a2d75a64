import type { ApiReply } from '@kilonova/http';
import { forbidden } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { type TypeUsage, UsageRepository } from '../store/usage.repository.js';
import { type AnyRequest, answer } from './answers.js';
import { noSuchProvider, providerUuid } from './provider-answer.js';
import { Since } from './versions.js';

/** What is used, of a provider or by a project. */
@Injectable()
export class UsageController {
  constructor(@Inject(UsageRepository) private readonly usages: UsageRepository) {}

  async ofProvider(request: AnyRequest): Promise<ApiReply> {
    const uuid = providerUuid(request);
    const found = await this.usages.ofProvider(uuid);
    if (found === undefined) throw noSuchProvider(uuid);
    return answer(request, { resource_provider_generation: found.generation, usages: found.usages });
  }

  /** A reader of the project may ask too, so the rule is judged with the project as target. */
  async ofProject(request: AnyRequest): Promise<ApiReply> {
    const projectId = request.query.getAll('project_id').at(-1) ?? '';
    if (!request.allows('placement:usages', { project_id: projectId })) {
      throw forbidden('placement.undefined_code', 'Policy does not allow placement:usages to be performed.');
    }
    const typed = request.version >= Since.consumerTypes;
    const userId = request.query.getAll('user_id').at(-1);
    const consumerType = typed ? request.query.getAll('consumer_type').at(-1) : 'all';
    const found = await this.usages.ofProject({ projectId, userId, consumerType });
    return answer(request, { usages: typed ? byType(found) : (found[0]?.usages ?? {}) });
  }
}

const byType = (found: readonly TypeUsage[]): Record<string, unknown> =>
  Object.fromEntries(found.map(({ type, consumerCount, usages }) => [type, { consumer_count: consumerCount, ...usages }]));
