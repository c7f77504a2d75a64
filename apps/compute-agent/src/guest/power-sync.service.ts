import { type Instance, messages, type ObservedPower, powerDeed } from '@kilonova/compute-objects';
import type { Logger } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { PeriodicTask, systemCtx } from '@kilonova/util';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CellConductor } from '../cell/cell-conductor.client.js';
import { type ManagedHost, ManagedHosts } from '../host/managed-host.js';

/** Guests that one message tells of, at most. */
const GUESTS_A_MESSAGE = 1_000;

export abstract class PowerSyncOptions {
  abstract readonly intervalMs: number;
}

/**
 * Compares the power of guests with that of their servers, while nothing is being done to these: what has changed behind
 * the cell's back is told to it, which stops servers that are not what they should be. The servers are asked for before
 * the guests are looked at, so that what changes in between is left to the next round.
 */
@Injectable()
export class PowerSync implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #task: PeriodicTask;

  constructor(
    private readonly hosts: ManagedHosts,
    private readonly conductor: CellConductor,
    private readonly options: PowerSyncOptions,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {
    this.#task = new PeriodicTask(
      this.options.intervalMs,
      () => this.run(),
      (error) => log.warn({ err: error }, 'the power of guests was not compared; it will be tried again'),
    );
  }

  onApplicationBootstrap(): void {
    this.#task.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#task.stop();
  }

  /** One round over all hosts; a host that cannot be compared keeps no other waiting. */
  async run(): Promise<void> {
    for (const host of this.hosts.all()) {
      await this.#sync(host).catch((error: unknown) =>
        this.log.warn({ err: error, host: host.host }, "the power of a host's guests was not compared"),
      );
    }
  }

  async #sync(host: ManagedHost): Promise<void> {
    const ctx = systemCtx('nova-compute');
    const servers = await this.conductor.call(ctx, messages.instancesOnHost, { host: host.host });
    const guests = servers.flatMap((server) => this.#observe(host, server));
    for (let at = 0; at < guests.length; at += GUESTS_A_MESSAGE) {
      const some = guests.slice(at, at + GUESTS_A_MESSAGE);
      const { stopped } = await this.conductor.call(ctx, messages.syncPowerStates, { host: host.host, guests: some });
      if (stopped > 0)
        this.log.warn({ host: host.host, stopped }, 'servers are stopped, as their guests are not as they should be');
    }
  }

  /** What there is to tell of a server: nothing while something is done to it, or when all is as it should be. */
  #observe(host: ManagedHost, server: Instance): ObservedPower[] {
    if (server.task_state !== null) return [];
    const power = host.driver.powerState(server.uuid);
    const deed = powerDeed(server.vm_state, power);
    if (deed === 'warn') {
      const fields = { host: host.host, instance: server.uuid, vm_state: server.vm_state, power_state: power };
      this.log.warn(fields, 'the power of a guest is not as it should be');
    }
    if (deed !== 'stop' && power === server.power_state) return [];
    return [{ instance_uuid: server.uuid, updated_at: server.updated_at, power_state: power }];
  }
}
