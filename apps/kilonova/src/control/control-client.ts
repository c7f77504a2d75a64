import http from 'node:http';
import { createInterface } from 'node:readline';
import { AppError } from '@kilonova/util';

/** A cloud that runs answers at once; one that hangs must not hang its operator. */
const REPLY_MS = 10_000;

/**
 * Asks a running cloud and hands over each line of its answer. Resolves when the answer ends or `signal` aborts.
 * @throws AppError `dependency` when no cloud runs on the state folder, or it cannot answer.
 */
export function controlStream(
  socketPath: string,
  path: string,
  onLine: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => (signal?.aborted === true ? resolve() : reject(failure(error)));
    const request = http.get({ socketPath, path: `/${path}`, signal }, (response) => {
      const refused = response.statusCode !== 200;
      const heard: string[] = [];
      const lines = createInterface({ input: response });
      lines.on('line', refused ? (line) => heard.push(line) : onLine);
      lines.on('close', () => (refused ? reject(unable(heard.join('\n'))) : resolve()));
      // The reader above passes errors of its input on to nobody: without this an abort would end the process.
      response.on('error', fail);
      lines.on('error', fail);
    });
    request.on('error', fail);
  });
}

/** Asks a running cloud for one value. @throws AppError as `controlStream`; also when it stays silent for ten seconds. */
export async function controlReply<T>(socketPath: string, path: string): Promise<T> {
  const lines: string[] = [];
  const signal = AbortSignal.timeout(REPLY_MS);
  await controlStream(socketPath, path, (line) => lines.push(line), signal);
  if (signal.aborted) throw unable(`it does not answer within ${REPLY_MS / 1000} s`);
  return JSON.parse(lines.join('')) as T;
}

const unable = (why: string): AppError =>
  new AppError({ kind: 'dependency', code: 'kilonova.control.unable', message: `the running cloud cannot answer: ${why}` });

/** The code of an error that says that nobody listens. */
export const ABSENT = 'kilonova.control.absent';

const failure = (error: NodeJS.ErrnoException): AppError => {
  if (error.code !== 'ENOENT' && error.code !== 'ECONNREFUSED') return unable(error.message);
  const message = 'no cloud is running on this state folder; start one with `kilonova up`';
  return new AppError({ kind: 'dependency', code: ABSENT, message, cause: error });
};
