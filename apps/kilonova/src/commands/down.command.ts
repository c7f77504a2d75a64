import { pause } from '@kilonova/util';
import { Command } from 'commander';
import { runningPid } from '../up/run-lock.js';
import { StateDir } from '../up/state-dir.js';
import { UP_DEFAULTS } from '../up/up-options.js';

/** How long an orderly end may take, milliseconds, before the process is ended by force. */
const DEADLINE_MS = 90_000;

/** `kilonova down` */
export const downCommand = (): Command =>
  new Command('down')
    .description('Stop the cloud of a state folder. What it holds stays, and `up` starts it again.')
    .option('--state-dir <folder>', 'the folder given to `up`', UP_DEFAULTS.stateDir)
    .action(async ({ stateDir }: { stateDir: string }) => {
      const file = new StateDir(stateDir).path('run', 'up.pid');
      const pid = runningPid(file);
      if (pid === undefined) return void process.stdout.write('no cloud is running on this state folder\n');
      process.kill(pid, 'SIGTERM');
      const deadline = Date.now() + DEADLINE_MS;
      while (runningPid(file) === pid) {
        if (Date.now() > deadline) {
          process.kill(pid, 'SIGKILL');
          throw new Error(`process ${pid} did not end in time and was killed`);
        }
        await pause(50);
      }
      process.stdout.write('stopped\n');
    });
