import type { ApiReply, ApiRequest } from '@kilonova/http';
import { normalizeUuid } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { ErrorCode, refused } from '../errors.js';
import { AggregateRepository, type ProviderAggregates } from '../store/aggregate.repository.js';
import { type AnyRequest, answer } from './answers.js';
import { requireValid } from './late-validation.js';
import { noSuchProvider, providerUuid } from './provider-answer.js';
import { replaceAggregates } from './schemas/aggregate.js';
import { Since } from './versions.js';

/** Below 1.19 a bare list, from then on with the generation that it is compared with. */
type AggregatesBody =
  | readonly string[]
  | { readonly aggregates: readonly string[]; readonly resource_provider_generation: number };

/** The aggregates that a provider belongs to. */
@Injectable()
export class AggregateController {
  constructor(@Inject(AggregateRepository) private readonly aggregates: AggregateRepository) {}

  async list(request: AnyRequest): Promise<ApiReply> {
    const uuid = providerUuid(request);
    const found = await this.aggregates.list(uuid);
    if (found === undefined) throw noSuchProvider(uuid);
    return answer(request, body(request, found));
  }

  /** A provider that is not there is told before a body that is wrong. */
  async replace(request: ApiRequest<AggregatesBody>): Promise<ApiReply> {
    const uuid = providerUuid(request);
    if ((await this.aggregates.list(uuid)) === undefined) throw noSuchProvider(uuid);
    requireValid(replaceAggregates, request.version, request.body);
    const { aggregates, generation } = read(request.body);
    const result = await this.aggregates.replace(uuid, generation, aggregates);
    if (result.outcome === 'not-found') throw noSuchProvider(uuid);
    if (result.outcome === 'generation-conflict') {
      throw refused(
        "Resource provider's generation already changed. Please update the generation and try again.",
        ErrorCode.concurrentUpdate,
      );
    }
    return answer(request, body(request, result));
  }
}

function read(given: AggregatesBody): { aggregates: string[]; generation: number | undefined } {
  const wrapped = 'aggregates' in given;
  const uuids = wrapped ? given.aggregates : given;
  return {
    aggregates: uuids.map((uuid) => normalizeUuid(uuid) as string),
    generation: wrapped ? given.resource_provider_generation : undefined,
  };
}

const body = (request: Pick<AnyRequest, 'version'>, { aggregates, generation }: ProviderAggregates): Record<string, unknown> => ({
  aggregates,
  ...(request.version >= Since.aggregateGeneration && { resource_provider_generation: generation }),
});
