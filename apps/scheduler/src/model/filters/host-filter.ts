import type { RequestSpec } from '@kilonova/compute-objects';
import type { HostState } from '../host-state.js';
import type { FilterOptions } from './filter-options.js';

/** What filters and weighers may look at beside host and request. */
export interface SchedulingFacts {
  readonly now: Date;
  /** Seconds after which a silent agent counts as down. */
  readonly serviceDownTime: number;
  /** Hosts of the instances named in the hints `same_host` and `different_host`. */
  readonly hintHosts: Readonly<Record<string, string>>;
  /** Members of the request's server group by host; those that the run has placed so far are counted in. */
  readonly groupMembersByHost: Readonly<Record<string, number>>;
  readonly options: FilterOptions;
}

/** Passing says nothing; failing says why. A failure without a reason can't be made. */
export type FilterResult = { readonly passes: true } | { readonly passes: false; readonly reason: string };

export const PASS: FilterResult = { passes: true };

export function reject(reason: string): FilterResult {
  if (reason === '') throw new Error('a rejection needs a reason');
  return { passes: false, reason };
}

/** A rule that a host must meet. Names are those that operators configure. */
export interface HostFilter {
  readonly name: string;
  /** Looks at whose the request is, so that projects do not share its answers. */
  readonly readsProject?: boolean;
  /** Looks at where the members of the request's server group are: of like requests each has to be judged for itself. */
  readonly readsGroup?: boolean;
  check(host: HostState, spec: RequestSpec, facts: SchedulingFacts): FilterResult;
}
