import type { RequestSpec } from '../request-spec.js';

// Large or secret things that only the database needs do not travel: the handler reads them.

export interface ScheduleAndBuildInstances {
  /** Of one request: same spec but for the uuid. Specs, build requests and tags are read from the API database. */
  readonly instance_uuids: readonly string[];
}

export interface SelectDestinations {
  readonly request_spec: RequestSpec;
  readonly instance_uuids: readonly string[];
  /** Whether alternates are wanted at all. */
  readonly return_alternates: boolean;
  /**
   * `move`: the instances may hold allocations that are in use, which are never given back or taken for this request's;
   * `add`: they keep what they hold, and get what is claimed as well; `check`: nothing is claimed, the one instance's own host
   * is judged by what the request says of its image.
   */
  readonly claim_mode?: 'build' | 'move' | 'add' | 'check';
  /** Uuids of cells that did not take what was selected in them a moment ago: their hosts are left out. */
  readonly ignore_cells?: readonly string[];
}

/** Servers that nobody is to be told of: where they would go. */
export interface TryDestinations {
  /** Of a server that is there (and is to move), or of one that nobody asked for yet. */
  readonly request_spec: RequestSpec;
  readonly instance_uuids: readonly string[];
}

/** What is to be counted: the spec of a server that nobody asked for yet. */
export interface CountCapacity {
  readonly request_spec: RequestSpec;
}
