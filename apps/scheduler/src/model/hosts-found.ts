import type { HostVerdict } from '@kilonova/compute-objects';
import type { HostRanking } from './host-ranking.js';

/** What one question to placement came to. */
export interface HostsFound {
  /** Hosts that fit, best first. */
  readonly ranking: HostRanking;
  /** What the tenant may read where no host is left. */
  readonly reason: string;
  readonly verdicts: readonly HostVerdict[];
  /** Cells whose hosts may fit too, had they answered. */
  readonly silent: readonly string[];
  /** What placement was asked; empty where it was not. */
  readonly query: string;
  /** Hosts that placement offered. */
  readonly offered: number;
  /** Placement may have more candidates than it was asked for. */
  readonly isCut: boolean;
}

/** What is common to all who ask the same. `isShared`: the question was put before this request came. */
export interface SharedHosts {
  readonly found: HostsFound;
  readonly isShared: boolean;
}
