import { readdirSync } from 'node:fs';
import { endLeftoverPostgres, endProcess, findLeftoverPostgres, forgetProcess, recordedProcess } from '@kilonova/local-servers';
import type { StateDir } from './state-dir.js';

/** Something of a cloud that runs on although the process that led it was killed. */
export interface Leftover {
  readonly name: string;
  readonly pid: number;
}

/** How long a service may take to end by itself, milliseconds. */
export const SERVICE_GRACE_MS = 35_000;

const pidFileOf = (state: StateDir, name: string): string => state.path('run', `${name}.pid`);

function servicesLeft(state: StateDir): readonly Leftover[] {
  const names = readdirSync(state.path('run'))
    .filter((file) => file.endsWith('.pid') && file !== 'up.pid')
    .map((file) => file.slice(0, -'.pid'.length));
  return names.flatMap((name) => {
    const pid = recordedProcess(pidFileOf(state, name));
    return pid === undefined ? [] : [{ name, pid }];
  });
}

/** Services, and the PostgreSQL of the state folder, that nobody leads; to be asked only when no leader runs. */
export async function leftovers(state: StateDir): Promise<readonly Leftover[]> {
  const postgres = await findLeftoverPostgres(state.path('postgres'));
  return [...servicesLeft(state), ...(postgres === undefined ? [] : [{ name: 'PostgreSQL', pid: postgres }])];
}

/** Ends them in order, services first. @returns what there was. */
export async function endLeftovers(state: StateDir): Promise<readonly Leftover[]> {
  const found = await leftovers(state);
  await Promise.all(
    servicesLeft(state).map(async ({ name, pid }) => {
      await endProcess(pid, 'SIGTERM', SERVICE_GRACE_MS);
      forgetProcess(pidFileOf(state, name));
    }),
  );
  await endLeftoverPostgres(state.path('postgres'));
  return found;
}

/** `cell1-agent (12), PostgreSQL (13)` */
export const namesOf = (found: readonly Leftover[]): string => found.map(({ name, pid }) => `${name} (${pid})`).join(', ');
