import { AppError, conflict } from '@kilonova/util';
import { Command } from 'commander';
import { ABSENT, controlReply } from '../control/control-client.js';
import { leftovers } from '../up/leftovers.js';
import { leaderOf } from '../up/run-lock.js';
import type { ServiceStatus } from '../up/service-runner.js';
import { StateDir } from '../up/state-dir.js';
import { textTable } from '../up/text-table.js';
import { UP_DEFAULTS } from '../up/up-options.js';

/** Exit codes beside 0, which is: everything runs. */
const INCOMPLETE = 1;
const NOTHING_RUNS = 3;

type Row = Omit<ServiceStatus, 'state'> & { readonly state: ServiceStatus['state'] | 'left behind' };

/** `kilonova status` */
export const statusCommand = (): Command =>
  new Command('status')
    .description('Show the services of a running cloud. Exit 0: all run, 1: some do not, 3: no cloud is running.')
    .option('--state-dir <folder>', 'the folder given to `up`', UP_DEFAULTS.stateDir)
    .option('--json', 'as JSON')
    .action(async ({ stateDir, json }: { stateDir: string; json?: boolean }) => {
      const state = StateDir.existing(stateDir);
      const leader = leaderOf(state);
      const services = leader === undefined ? await leftBehind(state) : await ask(state, leader);
      process.exitCode = exitCodeOf(services);
      if (json === true) return void process.stdout.write(`${JSON.stringify(services, null, 2)}\n`);
      process.stdout.write(`${tableOf(services)}\n${leader === undefined ? hint(services) : ''}`);
    });

/** Before the cloud listens, and while it ends, there is a leader and nobody who answers. */
const ask = (state: StateDir, leader: number): Promise<readonly Row[]> =>
  controlReply<readonly Row[]>(state.controlSocket, 'status').catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== ABSENT) throw error;
    throw conflict('kilonova.status.between', `the cloud of this state folder is starting or ending (process ${leader})`);
  });

const leftBehind = async (state: StateDir): Promise<readonly Row[]> =>
  (await leftovers(state)).map(({ name, pid }) => ({ name, state: 'left behind', pid, restarts: 0 }));

const exitCodeOf = (services: readonly Row[]): number => {
  if (services.length === 0) return NOTHING_RUNS;
  return services.every((service) => service.state === 'running') ? 0 : INCOMPLETE;
};

const tableOf = (services: readonly Row[]): string =>
  services.length === 0
    ? 'no cloud is running on this state folder; start one with `kilonova up`'
    : textTable(
        ['service', 'state', 'pid', 'restarts'],
        services.map((service) => [service.name, service.state, String(service.pid ?? ''), String(service.restarts)]),
      );

const hint = (services: readonly Row[]): string =>
  services.length === 0
    ? ''
    : 'The process that led this cloud is gone. `kilonova down` ends what it left behind; `kilonova up` does so, and starts anew.\n';
