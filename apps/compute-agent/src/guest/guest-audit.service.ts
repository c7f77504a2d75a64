import { messages } from '@kilonova/compute-objects';
import type { Logger } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { PeriodicTask, systemCtx } from '@kilonova/util';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CellConductor } from '../cell/cell-conductor.client.js';
import { type ManagedHost, ManagedHosts } from '../host/managed-host.js';
import { RemoveGuest } from './remove-guest.service.js';

/** What is done with a guest whose server is gone; the names are those that operators of Nova know. */
export type GuestAction = 'reap' | 'log' | 'noop';

export abstract class GuestAuditOptions {
  abstract readonly intervalMs: number;
  abstract readonly action: GuestAction;
}

/**
 * Finds guests, and what is left of guests that moved away, that no server belongs to: their servers were deleted while the host was taken for down. Guests are listed
 * before the servers, and a server is on its host, or moves there, before its guest is made, so that nothing that lives can be missed; a
 * guest counts only when two rounds in a row found it without a server. Hosts are asked about one by one; what fails for
 * one host or guest is logged, tried again in the next round, and keeps no other waiting.
 */
@Injectable()
export class GuestAudit implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #suspects = new Map<string, ReadonlySet<string>>();
  readonly #task: PeriodicTask;

  constructor(
    private readonly hosts: ManagedHosts,
    private readonly conductor: CellConductor,
    private readonly options: GuestAuditOptions,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
    private readonly remove: RemoveGuest,
  ) {
    this.#task = new PeriodicTask(
      options.intervalMs,
      () => this.run(),
      (error) => log.warn({ err: error }, 'guests were not compared with servers; it will be tried again'),
    );
  }

  onApplicationBootstrap(): void {
    if (this.options.action !== 'noop') this.#task.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#task.stop();
  }

  /** One round over all hosts. */
  async run(): Promise<void> {
    for (const host of this.hosts.all()) {
      await this.#audit(host).catch((error: unknown) =>
        this.log.warn({ err: error, host: host.host }, 'the guests of a host were not compared with its servers'),
      );
    }
  }

  async #audit(host: ManagedHost): Promise<void> {
    const guests = [...new Set([...host.driver.guests(), ...host.driver.movedAway()])];
    const servers = await this.conductor.call(systemCtx('nova-compute'), messages.instancesOnHost, { host: host.host });
    const known = new Set(servers.map((server) => server.uuid));
    const strays = guests.filter((guest) => !known.has(guest));
    const before = this.#suspects.get(host.host);
    this.#suspects.set(host.host, new Set(strays));
    for (const guest of strays.filter((stray) => before?.has(stray))) await this.#deal(host, guest);
  }

  async #deal(host: ManagedHost, guest: string): Promise<void> {
    const fields = { host: host.host, instance: guest };
    if (this.options.action === 'log') return this.log.warn(fields, 'a guest runs whose server is gone');
    this.log.warn(fields, 'a guest whose server is gone is removed');
    try {
      await this.remove.run(host, guest);
    } catch (error) {
      this.log.warn({ ...fields, err: error }, 'a guest whose server is gone could not be removed');
    }
  }
}
