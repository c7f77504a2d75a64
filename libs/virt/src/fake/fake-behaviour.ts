import { readFileSync, statSync } from 'node:fs';

/** How the simulated hypervisors behave; may be changed while they run. */
export interface FakeBehaviour {
  /** Milliseconds that a spawn takes. */
  readonly spawnDelayMs: number;
  /** Milliseconds that a destroy takes. */
  readonly destroyDelayMs: number;
  /** Hosts on which every spawn fails; `*` means all. */
  readonly brokenHosts: readonly string[];
}

export const DEFAULT_BEHAVIOUR: FakeBehaviour = { spawnDelayMs: 0, destroyDelayMs: 0, brokenHosts: [] };

/** The behaviour now. */
export type BehaviourSource = () => FakeBehaviour;

/**
 * Behaviour from configuration, overlaid with a JSON file of the same keys that is read again whenever it changes, so
 * that a running cloud can be broken and mended. A missing or malformed file counts as empty.
 */
export function behaviourFromFile(base: FakeBehaviour, path: string | undefined): BehaviourSource {
  if (path === undefined) return () => base;
  let seen = '';
  let current = base;
  return () => {
    const stamp = fileStamp(path);
    if (stamp !== seen) {
      seen = stamp;
      current = { ...base, ...readOverlay(path) };
    }
    return current;
  };
}

function fileStamp(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.mtimeMs}:${stat.size}:${stat.ino}`;
}

function readOverlay(path: string): Partial<FakeBehaviour> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Partial<FakeBehaviour>) : {};
  } catch {
    return {};
  }
}
