import { endProcess } from '@kilonova/local-servers';
import { Command } from 'commander';
import { endLeftovers, namesOf } from '../up/leftovers.js';
import { leaderOf } from '../up/run-lock.js';
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
      const state = StateDir.existing(stateDir);
      const leader = leaderOf(state);
      if (leader !== undefined) await endProcess(leader, 'SIGTERM', DEADLINE_MS);
      const left = await endLeftovers(state);
      process.stdout.write(`${outcome(leader, namesOf(left))}\n`);
    });

const outcome = (leader: number | undefined, left: string): string => {
  if (leader === undefined && left === '') return 'no cloud is running on this state folder';
  return left === '' ? 'stopped' : `stopped, and with it what was left behind: ${left}`;
};
