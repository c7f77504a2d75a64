import { messages } from '@kilonova/compute-objects';
import type { Logger } from '@kilonova/observability';
import { PeriodicTask, systemCtx } from '@kilonova/util';
import type { CellConductor } from './cell-conductor.client.js';
import type { ManagedHost, ManagedHosts } from './managed-host.js';

/** What is done with a guest whose server is gone; the names are those that operators of Nova know. */
export type GuestAction = 'reap' | 'log' | 'noop';

export interface GuestAuditOptions {
  readonly intervalMs: number;
  readonly action: GuestAction;
}

/**
 * Finds guests that no server belongs to: their servers were deleted while the host was taken for down. Guests are listed
 * before the servers, and a server is on its host before its guest is made, so that nothing that lives can be missed; a
 * guest counts only when two rounds in a row found it without a server.
 */
export class GuestAudit {
  readonly #suspects = new Map<string, ReadonlySet<string>>();
  readonly #task: PeriodicTask;

  constructor(
    private readonly hosts: ManagedHosts,
    private readonly conductor: Pick<CellConductor, 'call'>,
    private readonly options: GuestAuditOptions,
    private readonly log: Pick<Logger, 'warn'>,
  ) {
    this.#task = new PeriodicTask(
      options.intervalMs,
      () => this.run(),
      (error) => log.warn({ err: error }, 'guests were not compared with servers; it will be tried again'),
    );
  }

  start(): void {
    if (this.options.action !== 'noop') this.#task.start();
  }

  stop(): Promise<void> {
    return this.#task.stop();
  }

  /** One round over all hosts; one that fails does not keep the others waiting. */
  async run(): Promise<void> {
    const ended = await Promise.allSettled(this.hosts.all().map((host) => this.#audit(host)));
    const failed = ended.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #audit(host: ManagedHost): Promise<void> {
    const guests = host.driver.guests();
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
    await host.driver.destroy(guest);
  }
}
