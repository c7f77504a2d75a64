import { AppError } from '@kilonova/util';
import { Command } from 'commander';
import { cloudControl } from '../control/cloud-control.js';
import { Cloud } from '../up/cloud.js';
import { detach } from '../up/detach.js';
import { endLeftovers, namesOf } from '../up/leftovers.js';
import { preflight } from '../up/preflight.js';
import { Progress } from '../up/progress.js';
import { upReport } from '../up/report.js';
import { refuseSecond, takeRunLock } from '../up/run-lock.js';
import { keepShape } from '../up/shape.js';
import { StateDir } from '../up/state-dir.js';
import type { UpOptions } from '../up/up-options.js';
import { type UpFlags, upOptions, withoutConnections, withUpFlags } from './up-flags.js';

/** `kilonova up` */
export const upCommand = (): Command =>
  withUpFlags(
    new Command('up').description(
      'Start a whole cloud: databases, services, cells with simulated hosts, and a server in each cell as proof.',
    ),
  ).action(async (flags: UpFlags) => {
    const options = upOptions(flags);
    const state = StateDir.create(options.stateDir);
    if (flags.detach !== true) return stay(options, state);
    refuseSecond(state);
    const up = await detach(withoutConnections(process.argv.slice(1)), options, state);
    if (!up) process.exitCode = 1;
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
    await preflight(options, state);
    keepShape(state, options);
    await control.listen();
    await cloud.start();
  } catch (error) {
    if (ending !== undefined) return ending;
    process.stderr.write(`${failure(error)}\n`);
    await end(1);
  }
  const report = upReport(cloud, state);
  state.write(['run', 'report.txt'], `${report}\n`);
  process.stdout.write(`\n${report}\n\nUp after ${progress.elapsed} s.\n`);
}

/** A line for each fault; where it comes from only for what nobody foresaw. */
function failure(error: unknown): string {
  if (error instanceof AppError && error.kind !== 'bug') return error.message.replace(/^/gm, '✗ ');
  return `✗ ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
