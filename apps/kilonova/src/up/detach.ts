import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { pause } from '@kilonova/util';
import { CONNECTIONS, type Connections, flagOf } from './connections.js';
import { childEnvironment } from './process-services.js';
import type { StateDir } from './state-dir.js';

/**
 * Starts `up` again as a process of its own, shows its progress, and returns when it is up. Everybody may see the words of a
 * process: what may hold passwords reaches it by files that only the owner reads.
 * @param words the command line without connections.
 * @returns false when it ended before it was up.
 */
export async function detach(words: readonly string[], given: Connections, state: StateDir): Promise<boolean> {
  const logFile = state.path('log', 'up.log');
  const report = state.write(['run', 'report.txt'], '', 0o600);
  // Written by appending, so that it can be emptied while it is written.
  writeFileSync(logFile, '', { mode: 0o600 });
  const log = openSync(logFile, 'a', 0o600);
  const args = [...process.execArgv, ...words, ...connectionFiles(given, state)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', log, log], detached: true, env: childEnvironment() });
  child.unref();
  closeSync(log);
  const show = follower(logFile);
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  while (readFileSync(report, 'utf8') === '') {
    if (ended) {
      show();
      return false;
    }
    await pause(50);
    show();
  }
  await pause(100);
  show();
  return true;
}

const connectionFiles = (given: Connections, state: StateDir): readonly string[] =>
  CONNECTIONS.flatMap((name) => {
    const url = given[name];
    return url === undefined ? [] : [`${flagOf(name)}-file`, state.write(['secrets', `up-${name}`], url, 0o600)];
  });

/** Prints what was added to a file since the last call. */
function follower(file: string): () => void {
  let shown = 0;
  return () => {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    process.stdout.write(text.slice(shown));
    shown = text.length;
  };
}
