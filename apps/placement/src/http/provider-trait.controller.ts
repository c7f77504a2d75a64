import type { ApiReply, ApiRequest } from '@kilonova/http';
import { Inject, Injectable } from '@nestjs/common';
import { badRequest, ErrorCode, refused } from '../errors.js';
import { type ProviderTraitOutcome, ProviderTraitRepository, type ProviderTraits } from '../store/provider-trait.repository.js';
import { type AnyRequest, answer, noContent } from './answers.js';
import { noSuchProvider, providerUuid } from './provider-answer.js';

interface TraitsBody {
  readonly traits: readonly string[];
  readonly resource_provider_generation: number;
}

/** The traits that a provider has. */
@Injectable()
export class ProviderTraitController {
  constructor(@Inject(ProviderTraitRepository) private readonly traits: ProviderTraitRepository) {}

  async list(request: AnyRequest): Promise<ApiReply> {
    const uuid = providerUuid(request);
    const found = await this.traits.list(uuid);
    if (found === undefined) throw noSuchProvider(uuid);
    return answer(request, body(found), found.modified);
  }

  async replace(request: ApiRequest<TraitsBody>): Promise<ApiReply> {
    const uuid = providerUuid(request);
    const { traits, resource_provider_generation: generation } = request.body;
    const written = done(uuid, await this.traits.replace(uuid, generation, traits));
    return answer(request, body(written), written.modified);
  }

  async clear(request: AnyRequest): Promise<ApiReply> {
    const uuid = providerUuid(request);
    done(uuid, await this.traits.replace(uuid, undefined, []));
    return noContent();
  }
}

const body = ({ traits, generation }: ProviderTraits): Record<string, unknown> => ({
  traits,
  resource_provider_generation: generation,
});

function done(uuid: string, outcome: ProviderTraitOutcome): ProviderTraits {
  switch (outcome.outcome) {
    case 'written':
      return outcome;
    case 'not-found':
      throw noSuchProvider(uuid);
    case 'unknown-traits':
      throw badRequest(`No such trait(s): ${outcome.names.join(', ')}.`);
    case 'generation-conflict':
      throw refused(
        "Resource provider's generation already changed. Please update the generation and try again.",
        ErrorCode.concurrentUpdate,
      );
  }
}
