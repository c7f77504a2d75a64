import type { RequestSpec } from '@kilonova/compute-objects';
import type { Multipliers } from '../weighers/index.js';

/** How many candidates one question to placement asks for. `limit` undefined: all there are. */
export interface CandidateLimit {
  readonly limit: number | undefined;
  /** A limited answer is a random sample, not those that come first. */
  readonly isRandom: boolean;
}

export interface LimitOptions {
  readonly candidateSample: number;
  readonly maxPlacementResults: number;
}

/** Hosts of a sample for each server of a request, so that many servers find as good hosts as one. */
const PER_INSTANCE = 2;

/** Whether the request names hosts, by way of other servers, that a cut answer may not hold. */
const namesHosts = ({ scheduler_hints: hints, instance_group: group }: RequestSpec): boolean =>
  'same_host' in hints ||
  (group?.policy.endsWith('affinity') === true && !group.policy.endsWith('anti-affinity') && group.hosts.length > 0);

/** Packing looks for the fullest hosts that still fit: a sample would hardly hold them. */
const packs = (multipliers: Multipliers): boolean =>
  ['ram', 'cpu', 'disk'].some((name) => (multipliers[name] ?? 0) < 0) || (multipliers['numInstances'] ?? 0) > 0;

/**
 * The questions for one request, narrowest first; the next is asked when the hosts of a cut answer do not do.
 *
 * Where hosts are spread, a random sample is weighed first: the best of n hosts drawn at random is among the best share q
 * of all with probability 1 − (1 − q)ⁿ, for 200 hosts among the best 2.3 % with 99 %. So weighers keep their meaning within
 * that share, schedulers that run side by side draw different hosts, and a request costs the same however many there are.
 */
export function candidateLimits(
  spec: RequestSpec,
  instances: number,
  multipliers: Multipliers,
  options: LimitOptions,
): readonly CandidateLimit[] {
  const isPacking = packs(multipliers);
  const most: CandidateLimit = { limit: options.maxPlacementResults, isRandom: !isPacking };
  if (namesHosts(spec)) return [{ limit: undefined, isRandom: false }];
  const sample = options.candidateSample + PER_INSTANCE * (instances - 1);
  const isSampled = options.candidateSample > 0 && !isPacking && sample < options.maxPlacementResults;
  return [...(isSampled ? [{ limit: sample, isRandom: true }] : []), most];
}
