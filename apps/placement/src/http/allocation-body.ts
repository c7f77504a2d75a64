import type { Microversion } from '@kilonova/http';
import { normalizeUuid } from '@kilonova/util';
import { badRequest } from '../errors.js';
import type { ConsumerClaim, WantedResource } from '../model/allocation.js';
import { Since } from './versions.js';

type Resources = Readonly<Record<string, number>>;

/** Allocations as a list (below 1.12) or by provider. */
type Allocations =
  | readonly { readonly resource_provider: { readonly uuid: string }; readonly resources: Resources }[]
  | Readonly<Record<string, { readonly resources: Resources }>>;

/** The body of one consumer, in any microversion. */
export interface AllocationBody {
  readonly allocations: Allocations;
  readonly project_id?: string;
  readonly user_id?: string;
  readonly consumer_generation?: number | null;
  readonly consumer_type?: string;
}

/** Whom allocations belong to that were written without a project and user (below 1.8). */
export interface IncompleteConsumer {
  readonly projectId: string;
  readonly userId: string;
}

/** What a body asks for. @throws AppError (400) when a uuid is none. */
export function toClaim(
  consumer: string,
  body: AllocationBody,
  version: Microversion,
  incomplete: IncompleteConsumer,
): ConsumerClaim {
  return {
    consumerUuid: consumerUuid(consumer),
    projectId: body.project_id ?? incomplete.projectId,
    userId: body.user_id ?? incomplete.userId,
    consumerType: body.consumer_type,
    generation: version < Since.consumerGeneration ? undefined : (body.consumer_generation ?? null),
    wants: wants(body.allocations),
  };
}

/** The claims of a body with several consumers. @throws AppError (400) when one is named twice. */
export function toClaims(
  bodies: Readonly<Record<string, AllocationBody>>,
  version: Microversion,
  incomplete: IncompleteConsumer,
): ConsumerClaim[] {
  const claims = Object.entries(bodies).map(([consumer, body]) => toClaim(consumer, body, version, incomplete));
  const twice = claims.find(({ consumerUuid: uuid }, at) => claims.findIndex((other) => other.consumerUuid === uuid) !== at);
  if (twice !== undefined) throw badRequest(`Consumer ${twice.consumerUuid} is named more than once`);
  return claims;
}

/** @throws AppError (400) when it cannot be a consumer's uuid. */
export function consumerUuid(given: string): string {
  const uuid = normalizeUuid(given);
  if (uuid === undefined) throw badRequest(`Malformed consumer_uuid: ${given}`);
  return uuid;
}

function wants(allocations: Allocations): WantedResource[] {
  const byProvider = Array.isArray(allocations)
    ? allocations.map(({ resource_provider: provider, resources }) => [provider.uuid, resources] as const)
    : Object.entries(allocations).map(([uuid, { resources }]) => [uuid, resources] as const);
  return byProvider.flatMap(([given, resources]: readonly [string, Resources]) => {
    const providerUuid = normalizeUuid(given);
    if (providerUuid === undefined) throw badRequest(`Allocation for resource provider '${given}' that does not exist.`);
    return Object.entries(resources).map(([name, amount]) => ({ providerUuid, class: name, amount }));
  });
}
