import { isDeepStrictEqual } from 'node:util';
import { type Instance, messages, type ObservedNetworks } from '@kilonova/compute-objects';
import type { Logger } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { type Ctx, PeriodicTask, systemCtx } from '@kilonova/util';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CellConductor } from '../cell/cell-conductor.client.js';
import { type ManagedHost, ManagedHosts } from '../host/managed-host.js';

/** Servers that one message tells of, at most. */
const SERVERS_A_MESSAGE = 100;

export abstract class NetworkRefreshOptions {
  /** Between two servers of a host that are looked at although nothing was told of them, milliseconds; 0: none is. */
  abstract readonly intervalMs: number;
}

/**
 * Keeps what cells remember of interfaces as the network service has it: of servers that something was told of, and of one server
 * of each host after the other. What is asked for while a host is being looked at is done together afterwards, so that many events
 * cost one question for the host's servers.
 */
@Injectable()
export class NetworkRefresh implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #task: PeriodicTask | undefined;
  readonly #waiting = new Map<string, Set<string>>();
  readonly #running = new Map<string, Promise<void>>();
  /** The server of each host that was looked at last, in the order of their uuids. */
  readonly #last = new Map<string, string>();

  constructor(
    private readonly hosts: ManagedHosts,
    private readonly conductor: CellConductor,
    { intervalMs }: NetworkRefreshOptions,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {
    if (intervalMs === 0) return;
    this.#task = new PeriodicTask(
      intervalMs,
      () => this.heal(),
      (error) => log.warn({ err: error }, 'interfaces were not looked at; it will be tried again'),
    );
  }

  onApplicationBootstrap(): void {
    this.#task?.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#task?.stop();
    await Promise.all(this.#running.values());
  }

  /** Something was told of the interfaces of a server: they are looked at soon. Resolves when they were. */
  ask(host: ManagedHost, instanceUuid: string): Promise<void> {
    if (!host.networks.isThere) return Promise.resolve();
    this.#waiting.set(host.host, (this.#waiting.get(host.host) ?? new Set()).add(instanceUuid));
    const running = this.#running.get(host.host) ?? this.#drain(host);
    this.#running.set(host.host, running);
    return running;
  }

  /** One server of each host, the next one in turn. */
  async heal(): Promise<void> {
    for (const host of this.hosts.all()) {
      if (host.networks.isThere) await this.#tried(host, (servers) => this.#next(host, servers));
    }
  }

  async #drain(host: ManagedHost): Promise<void> {
    for (;;) {
      const wanted = this.#waiting.get(host.host);
      if (wanted === undefined) return void this.#running.delete(host.host);
      this.#waiting.delete(host.host);
      await this.#tried(host, (servers) => servers.filter(({ uuid }) => wanted.has(uuid)));
    }
  }

  /** A failure keeps no other host waiting: the servers are looked at again in turn. */
  async #tried(host: ManagedHost, choose: (servers: readonly Instance[]) => readonly Instance[]): Promise<void> {
    const ctx = systemCtx('nova-compute');
    try {
      const all = await this.conductor.call(ctx, messages.instancesOnHost, { host: host.host });
      await this.#look(ctx, host, choose(all.filter((server) => server.host === host.host)));
    } catch (err) {
      this.log.warn({ err, host: host.host }, 'the interfaces of servers were not looked at');
    }
  }

  #next(host: ManagedHost, servers: readonly Instance[]): readonly Instance[] {
    const sorted = [...servers].sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
    const last = this.#last.get(host.host) ?? '';
    const next = sorted.find(({ uuid }) => uuid > last) ?? sorted[0];
    if (next === undefined) return [];
    this.#last.set(host.host, next.uuid);
    return [next];
  }

  async #look(ctx: Ctx, host: ManagedHost, servers: readonly Instance[]): Promise<void> {
    const found: ObservedNetworks[] = [];
    for (const server of servers) {
      const network_info = await host.networks.present(ctx, server);
      if (isDeepStrictEqual(network_info, server.network_info)) continue;
      found.push({ instance_uuid: server.uuid, updated_at: server.updated_at, network_info });
    }
    for (let at = 0; at < found.length; at += SERVERS_A_MESSAGE) {
      const instances = found.slice(at, at + SERVERS_A_MESSAGE);
      await this.conductor.call(ctx, messages.refreshNetworkInfo, { host: host.host, instances });
    }
  }
}
