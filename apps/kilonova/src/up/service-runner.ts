import type { ServicePlan } from './service-plan.js';

export interface ServiceStatus {
  readonly name: string;
  readonly state: 'running' | 'restarting' | 'stopped';
  readonly pid: number | null;
  /** Since `up`. */
  readonly restarts: number;
}

/** How the services of a cloud are run: within one process, or each as its own. */
export interface ServiceRunner {
  /** Starts one; resolves when it runs (embedded: serves). */
  start(plan: ServicePlan): Promise<void>;
  status(): readonly ServiceStatus[];
  stop(): Promise<void>;
}
