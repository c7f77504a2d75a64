import type { AllocationRequest, HeldHardware, NodeHardware } from '@kilonova/compute-objects';

/** What the cells know of a host, apart from usage. */
export interface HostFacts {
  readonly computeNodeUuid: string;
  readonly host: string;
  readonly nodename: string;
  readonly cellUuid: string;
  readonly hypervisorType: string;
  readonly hypervisorVersion: number;
  readonly hostIp: string;
  readonly supportedInstances: ReadonlyArray<readonly [string, string, string]>;
  readonly cpuInfo: string;
  readonly stats: Readonly<Record<string, string>>;
  /** NUMA cells and devices; null: the hypervisor tells of none. */
  readonly hardware: NodeHardware | null;
  readonly service: { readonly disabled: boolean; readonly forcedDown: boolean; readonly lastSeenUp: Date | null };
}

/** An aggregate as far as placing needs it. */
export interface AggregateFacts {
  readonly uuid: string;
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly hosts: readonly string[];
}

/** Capacity (after ratio and reservation) and use of one resource class on a host's own provider, as placement says. */
export interface ResourceUse {
  readonly capacity: number;
  readonly used: number;
}

/**
 * One host as a candidate. Usage comes from placement's summaries, so that builds which no agent has reported yet count
 * already; what this scheduler takes since is consumed from it.
 */
export interface HostState {
  readonly facts: HostFacts;
  readonly aggregates: readonly AggregateFacts[];
  readonly availabilityZone: string;
  /** Ways to allocate the request on this host, best first. */
  readonly candidates: readonly AllocationRequest[];
  readonly resources: Readonly<Record<string, ResourceUse>>;
  /** Instances that were put here since placement was asked. */
  readonly taken: number;
  /** Cells and devices of servers that were put here and are not reported yet. */
  readonly pending: readonly HeldHardware[];
}

/** The host after it took an allocation, with cells and devices where the server wants some. */
export const consume = (state: HostState, request: AllocationRequest, held?: HeldHardware): HostState => {
  const after = shifted(state, request, 1);
  return held === undefined ? after : { ...after, pending: [...after.pending, held] };
};

/** The host with cells and devices that placement's answer does not tell of; what is counted already is not counted twice. */
export const holding = (state: HostState, held: HeldHardware): HostState =>
  state.pending.includes(held) ? state : { ...state, pending: [...state.pending, held] };

/** The host after it gave an allocation back, with what was taken with it. */
export const release = (state: HostState, request: AllocationRequest, held?: HeldHardware): HostState => {
  const after = shifted(state, request, -1);
  return held === undefined ? after : { ...after, pending: after.pending.filter((one) => one !== held) };
};

function shifted(state: HostState, request: AllocationRequest, sign: 1 | -1): HostState {
  const resources: Record<string, ResourceUse> = { ...state.resources };
  for (const { resources: amounts } of Object.values(request.allocations)) {
    for (const [resourceClass, amount] of Object.entries(amounts)) {
      const use = resources[resourceClass];
      if (use !== undefined) resources[resourceClass] = { ...use, used: use.used + sign * amount };
    }
  }
  return { ...state, resources, taken: state.taken + sign };
}

/** Free units of a class; 0 for a class that the host lacks. */
export const free = (state: HostState, resourceClass: string): number => {
  const use = state.resources[resourceClass];
  return use === undefined ? 0 : use.capacity - use.used;
};
