import type { ApiReply } from '@kilonova/http';
import { Inject, Injectable } from '@nestjs/common';
import { PlacementMetrics } from '../metrics.js';
import { type CandidateQuery, parseCandidateQuery, type SearchOptions } from '../model/candidates/index.js';
import { ProviderReadModel } from '../read-model/index.js';
import { PlacementSettings } from '../settings.js';
import { type AnyRequest, jsonAnswer } from './answers.js';
import { candidateAnswer } from './candidate-answer.js';
import { accepted } from './query-fault.js';
import { minorOf, Since } from './versions.js';

/** Which combinations of providers could serve a request. */
@Injectable()
export class AllocationCandidateController {
  constructor(
    @Inject(ProviderReadModel) private readonly readModel: ProviderReadModel,
    @Inject(PlacementSettings) private readonly settings: PlacementSettings,
    @Inject(PlacementMetrics) private readonly metrics: PlacementMetrics,
  ) {}

  async list(request: AnyRequest): Promise<ApiReply> {
    const world = await this.readModel.fresh();
    const query = accepted(parseCandidateQuery(world, [...request.query], minorOf(request.version)));
    const result = await this.readModel.search(world, query, this.options(request));
    this.metrics.searched(world, result);
    return jsonAnswer(request, candidateAnswer(world, result, requestedClasses(query), request.version));
  }

  private options(request: AnyRequest): SearchOptions {
    const { search, random } = this.settings;
    return {
      nestedAware: request.version >= Since.nestedCandidates,
      strategy: search.strategy,
      maxCandidates: search.maxCandidates,
      ...((search.randomize || wantsSample(request)) && { random }),
    };
  }
}

/** A client may wish for a random sample, whatever is configured: `Prefer: sample=random` (RFC 7240). */
const wantsSample = ({ headers: { prefer } }: AnyRequest): boolean =>
  [prefer ?? []].flat().some((wish) => wish.split(',').some((one) => one.trim() === 'sample=random'));

const requestedClasses = (query: CandidateQuery): ReadonlySet<number> =>
  new Set([...query.groups.values()].flatMap((group) => [...group.resources.keys()]));
