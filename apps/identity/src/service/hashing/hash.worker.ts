import { scryptSync } from 'node:crypto';
import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';

/** One derivation that a worker is given; it posts the key back. */
export interface HashJob {
  readonly password: string;
  readonly salt: Uint8Array;
  readonly keyBytes: number;
  readonly cost: { readonly N: number; readonly r: number; readonly p: number };
}

// On Linux a priority is a thread's own: whoever answers requests and writes files goes before guesses at passwords.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

parentPort?.on('message', ({ password, salt, keyBytes, cost }: HashJob) => {
  parentPort?.postMessage(scryptSync(password, salt, keyBytes, cost));
});
