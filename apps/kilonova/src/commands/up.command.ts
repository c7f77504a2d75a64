import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { pause } from '@kilonova/util';
import { Command } from 'commander';
import { cloudControl } from '../control/cloud-control.js';
import { Cloud } from '../up/cloud.js';
import { endLeftovers, namesOf } from '../up/leftovers.js';
import { Progress } from '../up/progress.js';
import { upReport } from '../up/report.js';
import { refuseSecond, takeRunLock } from '../up/run-lock.js';
import { StateDir } from '../up/state-dir.js';
import { checkUpOptions, UP_DEFAULTS, type UpOptions } from '../up/up-options.js';

type Flags = UpOptions & { readonly detach?: boolean; readonly brokenHost?: readonly string[] };

const D = UP_DEFAULTS;

/** `kilonova up` */
export const upCommand = (): Command =>
  new Command('up')
    .description('Start a whole cloud: databases, services, cells with simulated hosts, and a server in each cell as proof.')
    .option('--state-dir <folder>', 'everything of this cloud is kept here', D.stateDir)
    .option(
      '--port-base <port>',
      'the first of five ports that are taken: identity, image, placement, compute, PostgreSQL',
      Number,
      D.portBase,
    )
    .option('--cells <n>', 'cells', Number, D.cells)
    .option('--hosts <n>', 'simulated hosts in each cell', Number, D.hosts)
    .option('--agents <n>', 'agent processes in each cell; the hosts are dealt out to them', Number, D.agents)
    .option('--amqp <url>', 'a RabbitMQ; every service is its own process then. Without it: one process, an in-process bus')
    .option(
      '--amqp-management <url>',
      "RabbitMQ's management API, to make a virtual host per cell (default: port 15672 of the same host)",
    )
    .option('--postgres <url>', 'an existing PostgreSQL server; without it one of its own in the state folder')
    .option('--database-prefix <text>', 'begins the names of the databases', D.databasePrefix)
    .option('--max-attempts <n>', 'hosts that a build is tried on; 1: a failed spawn ends in ERROR', Number, D.maxAttempts)
    .option('--notification-format <format>', 'versioned, unversioned or both', D.notificationFormat)
    .option('--host-vcpus <n>', 'CPUs of each simulated host', Number, D.hostVcpus)
    .option('--host-memory-mb <n>', 'MiB of memory of each simulated host', Number, D.hostMemoryMb)
    .option('--host-disk-gb <n>', 'GiB of disk of each simulated host', Number, D.hostDiskGb)
    .option('--cpu-allocation-ratio <x>', 'virtual CPUs offered for each CPU', Number, D.cpuAllocationRatio)
    .option('--spawn-delay-ms <n>', 'how long a simulated spawn takes', Number, D.spawnDelayMs)
    .option('--broken-host <host...>', 'hosts on which every spawn fails; <state>/fake-driver.json changes it while running')
    .option('--log-level <level>', 'debug, info, warn, error or silent', D.logLevel)
    .option('--no-proof', 'do not boot a server in each cell')
    .option('--detach', 'return when the cloud is up, and leave it running')
    .action(async (flags: Flags) => {
      const options: UpOptions = { ...D, ...flags, brokenHosts: flags.brokenHost ?? [] };
      checkUpOptions(options);
      const state = StateDir.create(options.stateDir);
      if (flags.detach === true) await detach(state);
      else await stay(options, state);
    });

/** Runs the cloud in this process until it is told to end. */
async function stay(options: UpOptions, state: StateDir): Promise<void> {
  const release = takeRunLock(state);
  const progress = new Progress();
  const cloud = new Cloud(options, state, progress);
  const control = cloudControl(cloud, state);
  let ending: Promise<never> | undefined;
  const end = (code: number): Promise<never> => {
    ending ??= (async () => {
      progress.note('stopping');
      await control.close();
      await cloud.stop();
      release();
      process.exit(code);
    })();
    return ending;
  };
  process.once('SIGTERM', () => void end(0));
  process.once('SIGINT', () => void end(0));
  try {
    const left = await endLeftovers(state);
    if (left.length > 0) progress.note(`ended what an earlier run left behind: ${namesOf(left)}`);
    await control.listen();
    await cloud.start();
  } catch (error) {
    process.stderr.write(`✗ ${error instanceof Error ? error.message : String(error)}\n`);
    await end(1);
  }
  const report = upReport(cloud, state);
  state.write(['run', 'report.txt'], `${report}\n`);
  process.stdout.write(`\n${report}\n\nUp after ${progress.elapsed} s.\n`);
}

/** Starts `up` again as a process of its own, shows its progress, and returns when it is up. */
async function detach(state: StateDir): Promise<void> {
  refuseSecond(state);
  const logFile = state.path('log', 'up.log');
  const report = state.path('run', 'report.txt');
  state.write(['run', 'report.txt'], '');
  const log = openSync(logFile, 'w', 0o600);
  const args = [...process.execArgv, ...process.argv.slice(1).filter((argument) => argument !== '--detach')];
  const child = spawn(process.execPath, args, { stdio: ['ignore', log, log], detached: true });
  child.unref();
  closeSync(log);
  let shown = 0;
  const show = (): void => {
    const text = existsSync(logFile) ? readFileSync(logFile, 'utf8') : '';
    process.stdout.write(text.slice(shown));
    shown = text.length;
  };
  while (readFileSync(report, 'utf8') === '') {
    if (child.exitCode !== null || child.signalCode !== null) {
      show();
      process.exitCode = 1;
      return;
    }
    await pause(50);
    show();
  }
  await pause(100);
  show();
}
