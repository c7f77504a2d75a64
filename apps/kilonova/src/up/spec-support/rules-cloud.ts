import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeHardware } from '@kilonova/compute-objects';
import { loadConfig } from '@kilonova/config';
import { freePortBase } from '@kilonova/local-servers';
import { createLogger } from '@kilonova/observability';
import { scheduler } from '@kilonova/scheduler';
import { startService } from '@kilonova/service';
import { withDatabase } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import pg from 'pg';
import { openBrokers } from '../brokers.js';
import { CloudClient } from '../cloud-client.js';
import { type CloudLayout, layOut } from '../cloud-layout.js';
import { prepareDatabases } from '../databases.js';
import { EmbeddedServices } from '../embedded-services.js';
import { furnish } from '../furnish.js';
import { Progress } from '../progress.js';
import { type ServicePlan, servicePlans } from '../service-plan.js';
import { StateDir } from '../state-dir.js';
import { UP_DEFAULTS } from '../up-options.js';
import { writeCloudFiles } from '../write-cloud-files.js';

/** What is known of a host, other than of a plain one that is up. */
export interface RulesHost {
  readonly vcpus?: number;
  readonly memoryMb?: number;
  readonly diskGb?: number;
  readonly pcpus?: number;
  readonly stats?: Readonly<Record<string, string>>;
  readonly hostIp?: string;
  readonly hypervisorVersion?: number;
  readonly hardware?: Omit<NodeHardware, 'held' | 'cpu_ratio' | 'ram_ratio'> & Pick<Partial<NodeHardware>, 'held'>;
  /** Its service has not been heard from for this long, seconds. */
  readonly silentSeconds?: number;
  /** Metadata of an aggregate of its own. */
  readonly aggregate?: Readonly<Record<string, string>>;
}

/** Options of a scheduler, by section. */
export type RulesOptions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** How a server was scheduled, as an administrator reads it. */
export interface RulesRecord {
  readonly outcome: string;
  readonly host: string | null;
  readonly refused: ReadonlyArray<{ readonly stage: string; readonly rule: string; readonly hosts: number }>;
  readonly verdicts: ReadonlyArray<{ readonly host: string | null; readonly rule: string; readonly reason: string }>;
  readonly best: ReadonlyArray<{
    readonly host: string;
    readonly weight: number;
    readonly weights: Readonly<Record<string, number>>;
  }>;
}

const OWN = { 'openstack-api-version': 'compute 2.90, kilonova 1.2' };
/** Devices that flavors may ask for. */
export const ALIASES = { pci: { aliases: ['gpu=10de:1eb8'] } };
const PLACEMENT = { 'openstack-api-version': 'placement 1.36' };

/**
 * A real cloud within this process, without agents: its hosts are what a test says that they are. Each case has a scheduler with
 * options of its own.
 */
export class RulesCloud {
  readonly #state = StateDir.create(mkdtempSync(join(tmpdir(), 'rules-cloud-')));
  readonly #services = new EmbeddedServices((name) => this.#state.path('log', `${name}.log`), 'error');
  #layout!: CloudLayout;
  #plan!: ServicePlan;
  #client!: CloudClient;
  #image = '';

  async start(databaseUrl: string): Promise<void> {
    const options = {
      ...UP_DEFAULTS,
      cells: 1,
      hosts: 1,
      portBase: await freePortBase(),
      databasePrefix: `rules_${process.pid}_${Date.now()}`,
      logLevel: 'error',
      proof: false,
    };
    const brokers = await openBrokers(options, this.#state.secrets.secret, new Progress(() => undefined));
    this.#layout = layOut(options, { databaseUrl: (name) => withDatabase(databaseUrl, name), brokerUrl: brokers.url });
    await prepareDatabases(this.#layout);
    const known = servicePlans(options, this.#layout, this.#state.secrets).flatMap(brokers.own);
    const plans = known.map((plan) => (plan.app === 'compute-api' ? { ...plan, config: { ...plan.config, ...ALIASES } } : plan));
    writeCloudFiles(this.#layout, plans, this.#state);
    this.#plan = plans.find(({ app }) => app === 'scheduler') as ServicePlan;
    for (const plan of plans) if (!['scheduler', 'compute-agent'].includes(plan.app)) await this.#services.start(plan);
    this.#client = new CloudClient(this.#layout.endpoints, this.#state.secret('admin-password'));
    await furnish(this.#client);
    this.#image = await this.image({});
  }

  async stop(): Promise<void> {
    await this.#services.stop();
    rmSync(this.#state.root, { recursive: true, force: true });
  }

  /** Runs what needs a scheduler with these options. */
  async scheduled<T>(options: RulesOptions, work: () => Promise<T>): Promise<T> {
    const names = new Set([...Object.keys(this.#plan.config), ...Object.keys(options)]);
    const defaults = Object.fromEntries([...names].map((name) => [name, { ...this.#plan.config[name], ...options[name] }]));
    const config = loadConfig({ sections: scheduler.sections, env: {}, defaults });
    const running = await startService(scheduler, { config, logger: createLogger({ name: 'scheduler', level: 'silent' }) });
    try {
      return await work();
    } finally {
      await running.close();
    }
  }

  /** Hosts in a zone of their own. */
  async zone(name: string, hosts: Readonly<Record<string, RulesHost>>): Promise<void> {
    for (const [host, facts] of Object.entries(hosts)) await this.#host(host, facts);
    await this.aggregate(`${name}-zone`, { availability_zone: name }, Object.keys(hosts));
    for (const [host, { aggregate }] of Object.entries(hosts))
      if (aggregate !== undefined) await this.aggregate(`${host}-own`, aggregate, [host]);
  }

  async aggregate(name: string, metadata: Readonly<Record<string, string>>, hosts: readonly string[]): Promise<void> {
    const aggregates = `${this.#layout.endpoints.compute}/os-aggregates`;
    const { body } = await this.#client.ask<{ aggregate: { id: number } }>('POST', aggregates, { aggregate: { name } });
    const act = (action: object) => this.#client.ask('POST', `${aggregates}/${body.aggregate.id}/action`, action);
    for (const host of hosts) await act({ add_host: { host } });
    await act({ set_metadata: { metadata } });
  }

  async flavor(id: string, specs: Readonly<Record<string, string>>, size: object = {}): Promise<void> {
    const flavors = `${this.#layout.endpoints.compute}/flavors`;
    await this.#client.ask('POST', flavors, { flavor: { id, name: id, vcpus: 1, ram: 512, disk: 1, ...size } });
    if (Object.keys(specs).length > 0) await this.#client.ask('POST', `${flavors}/${id}/os-extra_specs`, { extra_specs: specs });
  }

  async image(properties: Readonly<Record<string, string>>): Promise<string> {
    const images = `${this.#layout.endpoints.image}/v2/images`;
    const about = { name: 'i', disk_format: 'raw', container_format: 'bare', ...properties };
    const { body } = await this.#client.ask<{ id: string }>('POST', images, about);
    await this.#client.ask('PUT', `${images}/${body.id}/file`, '\0'.repeat(512), { 'content-type': 'application/octet-stream' });
    return body.id;
  }

  async group(policy: string, rules?: object): Promise<string> {
    const { body } = await this.#client.ask<{ server_group: { id: string } }>(
      'POST',
      `${this.#layout.endpoints.compute}/os-server-groups`,
      { server_group: { name: policy, policy, ...(rules && { rules }) } },
    );
    return body.server_group.id;
  }

  /** What a boot would come to: `?dry_run=true`. */
  async tried(server: object, hints: object = {}): Promise<Record<string, unknown>> {
    const { body } = await this.#client.ask<{ dry_run: Record<string, unknown> }>(
      'POST',
      `${this.#layout.endpoints.compute}/servers?dry_run=true`,
      this.#body(server, hints),
      OWN,
    );
    return body.dry_run;
  }

  /** How many more servers of a flavor fit in a zone. */
  async capacity(flavor: string, zone: string): Promise<number> {
    const url = `${this.#layout.endpoints.compute}/os-capacity?flavor=${flavor}&availability_zone=${zone}`;
    return (await this.#client.ask<{ capacity: { total: number } }>('GET', url, undefined, OWN)).body.capacity.total;
  }

  /** Boots a server and waits until it is placed, or found to be nowhere. */
  async booted(server: object, hints: object = {}): Promise<string> {
    const [id = ''] = await this.allBooted([server], hints);
    return id;
  }

  /** The same with many at once. */
  async allBooted(servers: readonly object[], hints: object = {}): Promise<readonly string[]> {
    const url = `${this.#layout.endpoints.compute}/servers`;
    const ask = (server: object) => this.#client.ask<{ server: { id: string } }>('POST', url, this.#body(server, hints));
    const ids = (await Promise.all(servers.map(ask))).map(({ body }) => body.server.id);
    const waiting = 'SELECT instance_uuid FROM build_requests WHERE instance_uuid = ANY($1::uuid[])';
    await eventually(
      async () => {
        const left = await this.#sql(this.#layout.databases.api, [[waiting, [ids]]]);
        if (left.length > 0) throw new Error(`${left.length} servers are not scheduled yet`);
      },
      { deadlineMs: 90_000 },
    );
    return ids;
  }

  /** A server that was booted, and has arrived. */
  async arrived(server: object, hints: object, host: string): Promise<string> {
    const id = await this.booted(server, hints);
    const values = [id, host];
    await this.#sql(this.#layout.cells[0]?.database ?? '', [
      ['UPDATE instances SET host = $2, node = $2 WHERE uuid = $1', values],
    ]);
    return id;
  }

  /** It is kept a moment later. */
  async record(id: string): Promise<RulesRecord> {
    return eventually(async () => {
      const url = `${this.#layout.endpoints.compute}/servers/${id}/scheduling`;
      const { body } = await this.#client.ask<{ scheduling: RulesRecord[] }>('GET', url, undefined, OWN);
      const [record] = body.scheduling;
      if (record === undefined) throw new Error(`there is no record of ${id} yet`);
      return record;
    });
  }

  #body(server: object, hints: object): object {
    const plain = { name: 's', imageRef: this.#image, flavorRef: '1', networks: 'none' };
    return { server: { ...plain, ...server }, 'os:scheduler_hints': hints };
  }

  async #host(host: string, facts: RulesHost): Promise<void> {
    const uuid = randomUUID();
    const { vcpus = 8, memoryMb = 8192, diskGb = 100, pcpus = 0, stats = {}, silentSeconds = -3600 } = facts;
    const hardware = facts.hardware && { held: {}, cpu_ratio: 1, ram_ratio: 1, ...facts.hardware };
    await this.#sql(this.#layout.cells[0]?.database ?? '', [
      [
        `INSERT INTO services (host, "binary", topic, last_seen_up, updated_at)
         VALUES ($1, 'nova-compute', 'compute', now() - make_interval(secs => $2), now())`,
        [host, silentSeconds],
      ],
      [
        `INSERT INTO compute_nodes (uuid, host, hypervisor_hostname, hypervisor_type, hypervisor_version, host_ip, vcpus, memory_mb,
           local_gb, vcpus_used, memory_mb_used, local_gb_used, cpu_info, supported_instances, stats, hardware, mapped)
         VALUES ($1, $2, $2, 'fake', $3, $4, $5, $6, $7, 0, 0, 0, '{"vendor": "Intel"}', '[["x86_64", "fake", "hvm"]]', $8, $9, true)`,
        [
          uuid,
          host,
          facts.hypervisorVersion ?? 1000,
          facts.hostIp ?? '127.0.0.1',
          vcpus,
          memoryMb,
          diskGb,
          JSON.stringify(stats),
          hardware === undefined ? null : JSON.stringify(hardware),
        ],
      ],
      ['INSERT INTO mapped_hosts (host) VALUES ($1)', [host]],
    ]);
    const mapping = `INSERT INTO host_mappings (cell_id, host) SELECT id, $1 FROM cell_mappings WHERE name = 'cell1'`;
    await this.#sql(this.#layout.databases.api, [[mapping, [host]]]);
    const whole = (total: number) => ({ total, reserved: 0, min_unit: 1, max_unit: total, step_size: 1, allocation_ratio: 1 });
    const providers = `${this.#layout.endpoints.placement}/resource_providers`;
    await this.#client.ask('POST', providers, { uuid, name: host }, PLACEMENT);
    const inventories = {
      VCPU: whole(vcpus),
      MEMORY_MB: whole(memoryMb),
      DISK_GB: whole(diskGb),
      ...(pcpus === 0 ? {} : { PCPU: whole(pcpus) }),
    };
    const generation = { resource_provider_generation: 0, inventories };
    await this.#client.ask('PUT', `${providers}/${uuid}/inventories`, generation, PLACEMENT);
  }

  /** The rows of the last. */
  async #sql(url: string, statements: ReadonlyArray<readonly [string, unknown[]]>): Promise<readonly unknown[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      let found: readonly unknown[] = [];
      for (const [text, values] of statements) found = (await client.query(text, values)).rows as unknown[];
      return found;
    } finally {
      await client.end();
    }
  }
}
