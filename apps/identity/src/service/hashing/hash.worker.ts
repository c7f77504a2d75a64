import { scryptSync } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** One derivation that a worker is given; it posts the key back. */
export interface HashJob {
  readonly password: string;
  readonly salt: Uint8Array;
  readonly keyBytes: number;
  readonly cost: { readonly N: number; readonly r: number; readonly p: number };
}

parentPort?.on('message', ({ password, salt, keyBytes, cost }: HashJob) => {
  parentPort?.postMessage(scryptSync(password, salt, keyBytes, cost));
});
