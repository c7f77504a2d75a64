import type { ApiReply } from '@kilonova/http';
import { Inject, Injectable } from '@nestjs/common';
import { PlacementMetrics } from '../metrics.js';
import { type CandidateQuery, countCapacity, parseCandidateQuery, type SearchOptions } from '../model/candidates/index.js';
import { ProviderReadModel } from '../read-model/index.js';
import { PlacementSettings } from '../settings.js';
import { type AnyRequest, answer, jsonAnswer } from './answers.js';
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

  /** Kilonova's own: how often the request could be served, and by which trees. Without a limit, whatever one is given. */
  async count(request: AnyRequest): Promise<ApiReply> {
    const world = await this.readModel.fresh();
    const { limit: _, ...query } = accepted(parseCandidateQuery(world, [...request.query], minorOf(request.version)));
    const result = await this.readModel.search(world, query, { ...this.options(request), nestedAware: true });
    this.metrics.searched(world, result);
    const counts = [...countCapacity(world, result)].map(([root, count]) => [world.providers.uuid[root], count] as const);
    return answer(request, {
      total: counts.reduce((sum, [, count]) => sum + count, 0),
      is_complete: result.outcome === 'complete',
      roots: Object.fromEntries(counts),
    });
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
