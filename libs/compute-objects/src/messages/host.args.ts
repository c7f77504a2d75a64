import type { ComputeNodeReport } from '../host.js';

export interface ReportHost {
  readonly host: string;
  readonly binary: string;
  readonly topic: string;
  readonly version: number;
  /** Left out by services without hypervisors. */
  readonly nodes?: readonly ComputeNodeReport[];
}

export interface Heartbeat {
  readonly binary: string;
  readonly hosts: readonly string[];
}

/** Of each host that is known. */
export type HeartbeatResult = ReadonlyArray<{ readonly host: string; readonly disabled: boolean }>;

export interface SetHostEnabled {
  readonly host: string;
  readonly enabled: boolean;
}
