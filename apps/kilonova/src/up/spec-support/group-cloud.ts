import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePortBase } from '@kilonova/local-servers';
import { withDatabase } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { pause } from '@kilonova/util';
import { openBrokers } from '../brokers.js';
import { CloudClient } from '../cloud-client.js';
import { layOut } from '../cloud-layout.js';
import { prepareDatabases } from '../databases.js';
import { discoverHosts } from '../discover.js';
import { EmbeddedServices } from '../embedded-services.js';
import { furnish, imageId } from '../furnish.js';
import { Progress } from '../progress.js';
import { type ServicePlan, servicePlans } from '../service-plan.js';
import { StateDir } from '../state-dir.js';
import { UP_DEFAULTS } from '../up-options.js';
import { writeCloudFiles } from '../write-cloud-files.js';

/** Loaded machines take their time. */
export const SETTLED = { deadlineMs: 120_000, everyMs: 100 };

/** Only groups decide between hosts that have room. */
const EVEN = { weighers: { ioOps: 0, buildFailure: 0 } };

const TRIES = 20;
const AGAIN_MS = 500;

const OWN = { 'openstack-api-version': 'compute 2.90, kilonova 1.2' };

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly 'OS-EXT-SRV-ATTR:host': string | null;
  readonly 'OS-EXT-STS:task_state': string | null;
}

export const hostOf = (member: Member): string | null => member['OS-EXT-SRV-ATTR:host'];

/** A whole cloud of one cell within this process. Each host has an agent of its own, which can be lost and come back. */
export class GroupCloud {
  readonly #state = StateDir.create(mkdtempSync(join(tmpdir(), 'group-cloud-')));
  readonly #services = this.#embedded();
  readonly #agents = new Map<string, { readonly plan: ServicePlan; readonly running: EmbeddedServices }>();
  #client!: CloudClient;
  #image = '';

  async start(databaseUrl: string, hosts: number): Promise<void> {
    const options = {
      ...UP_DEFAULTS,
      cells: 1,
      hosts,
      agents: hosts,
      portBase: await freePortBase(),
      databasePrefix: `group_${process.pid}_${Date.now()}`,
      logLevel: 'error',
      proof: false,
    };
    const brokers = await openBrokers(options, this.#state.secrets.secret, new Progress(() => undefined));
    const layout = layOut(options, { databaseUrl: (name) => withDatabase(databaseUrl, name), brokerUrl: brokers.url });
    await prepareDatabases(layout);
    const plans = servicePlans(options, layout, this.#state.secrets).flatMap(brokers.own);
    writeCloudFiles(layout, plans, this.#state);
    for (const plan of plans.filter(({ app }) => app !== 'compute-agent'))
      await this.#services.start(plan.app === 'scheduler' ? { ...plan, config: { ...plan.config, ...EVEN } } : plan);
    for (const plan of plans.filter(({ app }) => app === 'compute-agent')) {
      const { hosts: served } = plan.config['agent'] as { hosts: readonly string[] };
      this.#agents.set(served[0] ?? '', { plan, running: this.#embedded() });
    }
    await Promise.all([...this.#agents.values()].map(({ plan, running }) => running.start(plan)));
    await eventually(async () => {
      if ((await discoverHosts(layout)) < hosts) throw new Error('not all hosts have registered');
    }, SETTLED);
    this.#client = new CloudClient(layout.endpoints, this.#state.secret('admin-password'));
    await furnish(this.#client);
    this.#image = await imageId(this.#client);
  }

  async stop(): Promise<void> {
    for (const { running } of this.#agents.values()) await running.stop();
    await this.#services.stop();
    rmSync(this.#state.root, { recursive: true, force: true });
  }

  get hosts(): readonly string[] {
    return [...this.#agents.keys()];
  }

  async group(policy: string): Promise<string> {
    const server_group = { name: policy, policy };
    const { body } = await this.#ask<{ server_group: { id: string } }>('POST', '/os-server-groups', { server_group });
    return body.server_group.id;
  }

  async boot(name: string, group: string): Promise<string> {
    const server = { name, imageRef: this.#image, flavorRef: '1', networks: 'none' };
    const body = { server, 'os:scheduler_hints': { group } };
    return (await this.#ask<{ server: { id: string } }>('POST', '/servers', body)).body.server.id;
  }

  async servers(): Promise<readonly Member[]> {
    return (await this.#ask<{ servers: Member[] }>('GET', '/servers/detail?all_tenants=1&limit=1000')).body.servers;
  }

  /** Refused: 400, where the server is in no state for it any more. */
  async act(id: string, action: object): Promise<void> {
    await this.#ask('POST', `/servers/${id}/action`, action).catch(() => undefined);
  }

  async delete(id: string): Promise<void> {
    await this.#ask('DELETE', `/servers/${id}`);
  }

  /** The host's agent is gone, and an administrator says so. */
  async lose(host: string): Promise<void> {
    await this.#agents.get(host)?.running.stop();
    await this.#force(host, true);
  }

  /** Its agent begins anew, and cleans up what was evacuated; until it has done so the host is not up. */
  async bringBack(host: string): Promise<void> {
    const agent = this.#agents.get(host);
    if (agent === undefined) throw new Error(`there is no host ${host}`);
    await agent.running.start(agent.plan);
    await eventually(() => this.#force(host, false), SETTLED);
    await this.offered();
  }

  /** The scheduler offers every host. */
  async offered(): Promise<void> {
    await eventually(async () => {
      const { capacity } = (await this.#ask<{ capacity: { hosts: unknown[] } }>('GET', '/os-capacity?flavor=1', undefined, OWN))
        .body;
      if (capacity.hosts.length < this.hosts.length) throw new Error(`${capacity.hosts.length} hosts are offered`);
    }, SETTLED);
  }

  /** How a server was scheduled, for the message of a failure; it is kept a moment later. */
  async record(id: string): Promise<string> {
    return eventually(async () => {
      const { body } = await this.#ask<{ scheduling: object[] }>('GET', `/servers/${id}/scheduling`, undefined, OWN);
      if (body.scheduling.length === 0) throw new Error(`there is no record of ${id} yet`);
      return JSON.stringify(body.scheduling);
    }, SETTLED);
  }

  async #force(host: string, forced_down: boolean): Promise<void> {
    const listed = await this.#ask<{ services: Array<{ id: string }> }>('GET', `/os-services?binary=nova-compute&host=${host}`);
    await this.#ask('PUT', `/os-services/${listed.body.services[0]?.id}`, { forced_down });
  }

  /** Asked again while a busy machine answers that something is away. */
  async #ask<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ readonly body: T }> {
    for (let left = TRIES; ; left--) {
      try {
        return await this.#client.ask<T>(method, `${this.#client.endpoints.compute}${path}`, body, headers);
      } catch (error) {
        if (left === 1 || !/: 503 /.test(String(error))) throw error;
        await pause(AGAIN_MS);
      }
    }
  }

  #embedded(): EmbeddedServices {
    return new EmbeddedServices((name) => this.#state.path('log', `${name}.log`), 'error');
  }
}
