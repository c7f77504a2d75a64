import http from 'node:http';
import { createInterface } from 'node:readline';

/**
 * Asks a running cloud and hands over each line of its answer.
 * @throws Error when no cloud runs on the state folder.
 */
export function controlRequest(
  socketPath: string,
  path: string,
  onLine: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.get({ socketPath, path: `/${path}`, signal }, (response) => {
      const lines = createInterface({ input: response });
      lines.on('line', onLine);
      lines.on('close', resolve);
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (signal?.aborted) return resolve();
      const gone = error.code === 'ENOENT' || error.code === 'ECONNREFUSED';
      reject(gone ? new Error('no cloud is running on this state folder; start one with `kilonova up`') : error);
    });
  });
}
