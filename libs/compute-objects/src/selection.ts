/**
 * A host that the scheduler chose for one instance. The first of an instance's list is claimed in placement already;
 * the others are alternates of the same cell, not claimed, to be tried in order by the cell conductor.
 */
export interface Selection {
  readonly compute_node_uuid: string;
  readonly service_host: string;
  readonly nodename: string;
  readonly cell_uuid: string;
  readonly availability_zone: string | null;
  /** Body part `allocations` of the claim: provider uuid → resources. */
  readonly allocation_request: AllocationRequest;
  /** Placement microversion the request was made with. */
  readonly allocation_request_version: string;
}

export interface AllocationRequest {
  readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>>;
  readonly mappings?: Readonly<Record<string, readonly string[]>>;
}

/** Why one host was not taken. A verdict without a reason cannot be made. */
export interface HostVerdict {
  readonly host: string | null;
  readonly provider_uuid: string | null;
  readonly stage: 'pre-filter' | 'candidates' | 'host-state' | 'filter' | 'claim';
  /** The filter's, pre-filter's or check's name. */
  readonly rule: string;
  readonly reason: string;
}

/** How many hosts one rule refused. */
export interface RefusalCount {
  readonly stage: HostVerdict['stage'];
  readonly rule: string;
  readonly hosts: number;
}

/** How a request was scheduled, in the order of the work: for administrators. Counts are whole, lists are cut. */
export interface SchedulingTrace {
  /** What placement was asked, and how many hosts it offered; `is_cut`: there may have been more. */
  readonly questions: ReadonlyArray<{ readonly query: string; readonly offered: number; readonly is_cut: boolean }>;
  readonly refused: readonly RefusalCount[];
  /** The hosts that were left in the end, best first. `weights`: what each weigher adds to the weight. */
  readonly best: ReadonlyArray<{
    readonly host: string;
    readonly weight: number;
    readonly weights: Readonly<Record<string, number>>;
  }>;
  /** Where each instance was placed, and the hosts it may be tried on next. */
  readonly placed: ReadonlyArray<{ readonly instance: string; readonly host: string; readonly alternates: readonly string[] }>;
}

/** The scheduler's answer; not finding a host is an expected outcome. */
export type SelectDestinationsResult =
  | {
      readonly outcome: 'selected';
      readonly selections: ReadonlyArray<readonly Selection[]>;
      /** Some of why other hosts were not taken. */
      readonly verdicts?: readonly HostVerdict[];
      readonly trace?: SchedulingTrace;
    }
  | {
      readonly outcome: 'no-valid-host';
      /** What the tenant may read after `No valid host was found. `. */
      readonly reason: string;
      readonly verdicts: readonly HostVerdict[];
      readonly trace?: SchedulingTrace;
    };

/** How many more servers of a kind fit now, and where. */
export interface CapacityCount {
  /** On all hosts that would be chosen from, listed or not. */
  readonly total: number;
  /** False: the count was cut off, or a cell did not answer; there may be more. */
  readonly is_complete: boolean;
  /** Hosts with room, most first; at most a thousand. */
  readonly hosts: ReadonlyArray<{
    readonly host: string;
    readonly cell_uuid: string;
    readonly availability_zone: string;
    readonly count: number;
  }>;
  /** Hosts that have room but would not be chosen, by rule. */
  readonly refused: readonly RefusalCount[];
  /** Why there is none at all, if it is not want of room. */
  readonly reason: string;
}
