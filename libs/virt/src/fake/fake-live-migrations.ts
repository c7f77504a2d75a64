import { type Instance, PowerState, type Transfer } from '@kilonova/compute-objects';
import { pause } from '@kilonova/util';
import type { GuestMove, LiveMigrationRequest } from '../live-migration.port.js';
import { delayOf } from './fake-behaviour.js';
import { FakeMoves } from './fake-moves.js';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** How often a transfer tells how far it is: so many times in all, and not more often than each so many milliseconds. */
const STEPS = 20;
const LEAST_STEP_MS = 10;

/** How far a guest is on its way when a part of it, from 0 to 1, has gone over. */
function transferOf({ flavor }: Instance, withDisks: boolean, part: number): Transfer {
  const of = (total: number) => ({ total, processed: Math.floor(total * part), remaining: total - Math.floor(total * part) });
  const memory = of(flavor.memory_mb * MIB);
  const disk = of(withDisks ? (flavor.root_gb + flavor.ephemeral_gb) * GIB : 0);
  return {
    memory_total: memory.total,
    memory_processed: memory.processed,
    memory_remaining: memory.remaining,
    disk_total: disk.total,
    disk_processed: disk.processed,
    disk_remaining: disk.remaining,
  };
}

/** Live migrations of simulated guests: a transfer takes the time that is set for `liveMigrate`. */
export abstract class FakeLiveMigrations extends FakeMoves {
  readonly #forced = new Map<string, AbortController>();

  checkCanLiveMigrate(_move: GuestMove, signal: AbortSignal): Promise<void> {
    return this.work('checkCanLiveMigrate', signal);
  }

  preLiveMigration(_move: GuestMove, signal: AbortSignal): Promise<void> {
    return this.work('preLiveMigration', signal);
  }

  async liveMigrate(request: LiveMigrationRequest, signal: AbortSignal): Promise<void> {
    const { uuid } = request.instance;
    if (this.memory.hasLeft(uuid) && this.memory.get(uuid) === undefined) return;
    const power = this.guest(uuid);
    if (power !== PowerState.RUNNING && power !== PowerState.PAUSED) throw new Error(`Guest ${uuid} does not run.`);
    const forced = new AbortController();
    this.#forced.set(uuid, forced);
    try {
      await this.#transfer(request, forced.signal, signal);
    } finally {
      this.#forced.delete(uuid);
    }
    this.memory.leave(uuid);
    this.plugs.nics.forget(uuid);
    this.plugs.devices.forget(uuid);
  }

  forceLiveMigration(instanceUuid: string): Promise<void> {
    this.#forced.get(instanceUuid)?.abort(new Error('forced to its end'));
    return Promise.resolve();
  }

  async postLiveMigration(instanceUuid: string, signal: AbortSignal): Promise<void> {
    await this.work('postLiveMigration', signal);
    this.memory.forgetLeft(instanceUuid);
  }

  async postLiveMigrationAtDestination({ instance, devices }: GuestMove, signal: AbortSignal): Promise<void> {
    await this.work('postLiveMigrationAtDestination', signal);
    this.plug(instance, { devices });
    this.memory.set(instance.uuid, instance.vm_state === 'paused' ? PowerState.PAUSED : PowerState.RUNNING);
  }

  async rollbackLiveMigrationAtDestination({ instance }: GuestMove): Promise<void> {
    await this.work('rollbackLiveMigrationAtDestination');
    if (this.memory.get(instance.uuid) !== undefined) this.memory.delete(instance.uuid);
  }

  async #transfer(
    { instance, blockMigration, onTransfer }: LiveMigrationRequest,
    forced: AbortSignal,
    signal: AbortSignal,
  ): Promise<void> {
    const delayMs = delayOf(this.behaviour(), this.host, 'liveMigrate');
    const stepMs = Math.max(delayMs / STEPS, LEAST_STEP_MS);
    const either = AbortSignal.any([signal, forced]);
    for (let gone = 0; gone < delayMs && !forced.aborted; gone += stepMs) {
      onTransfer(transferOf(instance, blockMigration === true, gone / delayMs));
      await pause(stepMs, either).catch(() => signal.throwIfAborted());
    }
    signal.throwIfAborted();
    this.mayFail('liveMigrate');
    onTransfer(transferOf(instance, blockMigration === true, 1));
  }
}
