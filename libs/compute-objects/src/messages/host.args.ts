import type { ComputeNodeReport } from '../host.js';
import type { StepBeat, StepRef } from '../operations/step.js';

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
  /** What the hosts work on. Left out by services without hosts. */
  readonly steps?: readonly StepBeat[];
  /** Steps whose end has been notified: they need not be remembered any more. */
  readonly notified?: readonly StepRef[];
}

export interface HeartbeatResult {
  /** Of each host that is known. */
  readonly hosts: ReadonlyArray<{ readonly host: string; readonly disabled: boolean }>;
  /** Operations of the beat's steps that are not, or no longer, with these hosts. */
  readonly stale: readonly string[];
}

export interface SetHostEnabled {
  readonly host: string;
  readonly enabled: boolean;
}
