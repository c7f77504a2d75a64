import type { ApiReply } from '@kilonova/http';
import { Inject, Injectable } from '@nestjs/common';
import { PlacementMetrics } from '../metrics.js';
import type { CandidateQuery, SearchOptions } from '../model/candidates/index.js';
import type { World } from '../model/world/index.js';
import { ProviderReadModel } from '../read-model/index.js';
import { PlacementSettings } from '../settings.js';
import { type AnyRequest, answer } from './answers.js';
import { candidatesBody } from './candidate-answer.js';
import { parseCandidateQuery, resolveCandidateQuery } from './query/candidate-query.js';
import { Since } from './versions.js';

/** Which combinations of providers could serve a request. */
@Injectable()
export class AllocationCandidateController {
  constructor(
    @Inject(ProviderReadModel) private readonly readModel: ProviderReadModel,
    @Inject(PlacementSettings) private readonly settings: PlacementSettings,
    @Inject(PlacementMetrics) private readonly metrics: PlacementMetrics,
  ) {}

  async list(request: AnyRequest): Promise<ApiReply> {
    const written = parseCandidateQuery(request.query, request.version);
    const resolve = (world: World): CandidateQuery => resolveCandidateQuery(world, written);
    const { world, result } = await this.readModel.search(resolve, this.options(request));
    this.metrics.searched(result);
    const requested = new Set([...written.groups.values()].flatMap((group) => [...group.resources.keys()].map((name) => world.classes.id(name) ?? -1)));
    return answer(request, candidatesBody(world, result, requested, request.version));
  }

  private options(request: AnyRequest): SearchOptions {
    const { search, random } = this.settings;
    return {
      nestedAware: request.version >= Since.nestedCandidates,
      strategy: search.strategy,
      maxCandidates: search.maxCandidates,
      ...(search.randomize && { random }),
    };
  }
}
