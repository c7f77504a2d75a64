import { forgetProcess, recordedProcess, recordProcess } from '@kilonova/local-servers';
import { AppError } from '@kilonova/util';
import type { StateDir } from './state-dir.js';

const lockOf = (state: StateDir): string => state.path('run', 'up.pid');

/** The process that leads the cloud of a state folder; undefined when none does, whoever has its number now. */
export const leaderOf = (state: StateDir): number | undefined => recordedProcess(lockOf(state));

/** Takes the state folder for this process. @returns how to give it back. @throws AppError when another leads it. */
export function takeRunLock(state: StateDir): () => void {
  refuseSecond(state);
  recordProcess(lockOf(state), process.pid);
  return () => forgetProcess(lockOf(state));
}

/** @throws AppError `conflict` when a cloud runs on the state folder. */
export function refuseSecond(state: StateDir): void {
  const pid = leaderOf(state);
  if (pid === undefined || pid === process.pid) return;
  const message = `a cloud is running on this state folder already (process ${pid}); see \`kilonova status\``;
  throw new AppError({ kind: 'conflict', code: 'kilonova.up.running', message });
}
