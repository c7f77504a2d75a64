import { execFile } from 'node:child_process';
import { AppError } from '@kilonova/util';

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  readonly withinMs?: number;
}

/** Runs a short-lived program to its end and returns what it wrote to stdout. Throws `dependency` with its stderr. */
export function command(file: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { withinMs = 60_000, ...rest } = options;
  return new Promise((resolve, reject) => {
    execFile(file, [...args], { ...rest, cwd: '/', timeout: withinMs, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const message = `${file} failed: ${(stderr || stdout || error.message).trim()}`;
      reject(new AppError({ kind: 'dependency', code: 'local_server.command.failed', message, cause: error }));
    });
  });
}

/** True when the program ran and ended with status 0. */
export const succeeds = (file: string, args: readonly string[], options?: CommandOptions): Promise<boolean> =>
  command(file, args, options).then(
    () => true,
    () => false,
  );
