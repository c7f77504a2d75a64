import { randomUUID } from 'node:crypto';
import { apiMigrations, BootRepository } from '@kilonova/api-db';
import { BlockDeviceRepository, cellMigrations, InstanceRepository, ServiceRepository } from '@kilonova/cell-db';
import { CELL0_UUID, NO_TRANSPORT } from '@kilonova/cells';
import { type Instance, type InstanceUpdates, LIVE_RESIZE_TRAIT } from '@kilonova/compute-objects';
import { loadConfig } from '@kilonova/config';
import { noAuth2 } from '@kilonova/http';
import { ImageClient } from '@kilonova/image-client';
import {
  type BusServer,
  createBusServer,
  type NotificationSubscription,
  type ReceivedNotification,
  subscribeNotifications,
} from '@kilonova/messaging';
import { MemoryNetworks } from '@kilonova/network-client';
import { createLogger } from '@kilonova/observability';
import { MemoryPlacement } from '@kilonova/placement-client';
import { execute, rows } from '@kilonova/sql';
import { useDatabase } from '@kilonova/testing';
import { MemoryVolumes } from '@kilonova/volume-client';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll } from 'vitest';
import type { CapacityCounter } from '../capacity/capacity-counter.port.js';
import { computeApiConfig } from '../compute-api.config.js';
import { type ComputeApiExtras, type RunningComputeApi, startComputeApi } from '../start-compute-api.js';
import { computeCheck } from './answer-check.js';
import { IMAGE, ImageShelf } from './image-shelf.js';
import { someProjects } from './some-projects.js';

export { IMAGE };
export const CELLS = { cell1: '11111111-1111-4111-8111-111111111111', cell2: '22222222-2222-4222-8222-222222222222' } as const;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

export interface Call {
  readonly body?: unknown;
  /** Default 2.96. */
  readonly at?: string;
  /** `user:project`; default `u:p`, a member. */
  readonly as?: string;
  readonly roles?: string;
}

export interface Cast {
  readonly method: string;
  readonly args: unknown;
  readonly host: string | undefined;
}

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
let clouds = 0;

/**
 * The Compute API as a process runs it, over real databases and a bus in memory; images, placement and identity are stood
 * in for, and `place` does the conductor's part.
 */
export class ServerCloud {
  url = '';
  api!: DataSource;
  cell0!: DataSource;
  cell1!: DataSource;
  cell2!: DataSource;
  readonly images = new ImageShelf();
  readonly placement = new MemoryPlacement();
  readonly volumes = new MemoryVolumes();
  /** Without any, as long as a test adds none. */
  readonly networks = new MemoryNetworks();
  /** What conductor and agents were told. */
  readonly casts: Cast[] = [];
  /** What outsiders were told by the API: events of the versioned family. */
  readonly told: ReceivedNotification[] = [];
  /** What conductor and agents do when they are told, or asked: nothing, and of guests they know nothing. */
  onCast: (cast: Cast) => Promise<unknown> = ({ method }) =>
    Promise.resolve({ outcome: method === 'open_console' ? 'unavailable' : 'unsupported' });
  readonly #instances = new InstanceRepository();
  readonly #devices = new BlockDeviceRepository();
  readonly #boots = new BootRepository();

  async call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, call: Call = {}): Promise<Answer> {
    const as = call.as ?? 'u:p';
    const roles = call.roles ?? (as.startsWith('admin') ? 'admin' : 'member');
    const headers: Record<string, string> = {
      'x-auth-token': as,
      'x-roles': roles,
      'openstack-api-version': `compute ${call.at ?? '2.96'}`,
    };
    if (call.body !== undefined) headers['content-type'] = 'application/json';
    const reply = await fetch(`${this.url}/v2.1${path}`, {
      method,
      headers,
      body: call.body === undefined ? undefined : JSON.stringify(call.body),
    });
    const text = await reply.text();
    const answer = { status: reply.status, headers: reply.headers, body: text === '' ? undefined : JSON.parse(text) };
    computeCheck.check(method, `/v2.1${path}`, answer, call.body);
    return answer;
  }

  /** POST /servers with what most tests do not care about. */
  create(server: Record<string, unknown> = {}, call: Call = {}, more: Record<string, unknown> = {}): Promise<Answer> {
    const body = { server: { name: 's', imageRef: IMAGE, flavorRef: 'f1', networks: 'none', ...server }, ...more };
    return this.call('POST', '/servers', { ...call, body });
  }

  async createdId(server: Record<string, unknown> = {}, call: Call = {}): Promise<string> {
    const { body } = await this.create(server, call);
    return body.server.id as string;
  }

  /** Moves a server from its request into a cell, as the conductor does. */
  async place(uuid: string, fields: Partial<Instance> = {}, cellId = 2): Promise<void> {
    const [row] = await this.#boots.load(this.api, [uuid]);
    const sql = this.database(cellId);
    await this.#instances.insertMany(sql, [{ ...(row?.instance as Instance), ...fields }]);
    for (const device of row?.block_devices ?? []) await this.#devices.add(sql, uuid, device);
    await this.#boots.settle(this.api, cellId, [uuid]);
  }

  /** No host had room for a server: it waits in cell0. */
  async pending(uuid: string): Promise<void> {
    const fault = {
      code: 500,
      message: 'No valid host was found.',
      details: '',
      host: null,
      created_at: new Date().toISOString(),
    };
    await this.place(uuid, { vm_state: 'pending', task_state: null, fault }, 1);
  }

  /** A running server on a host. */
  async active(server: Record<string, unknown> = {}, call: Call = {}, host = 'host1', cellId = 2): Promise<string> {
    const uuid = await this.createdId(server, call);
    const now = new Date().toISOString();
    await this.place(
      uuid,
      { vm_state: 'active', task_state: null, power_state: 1, host, node: host, availability_zone: 'nova', launched_at: now },
      cellId,
    );
    return uuid;
  }

  /** The node that a server is on can give it another flavor while it runs. */
  async able(uuid: string, cellId = 2): Promise<void> {
    const node = randomUUID();
    const traits = new Set([LIVE_RESIZE_TRAIT]);
    this.placement.providers.put({ uuid: node, name: node, parent: null, generation: 0, inventories: {}, traits });
    await this.change(uuid, { compute_node_uuid: node }, cellId);
  }

  async change(uuid: string, updates: InstanceUpdates, cellId = 2): Promise<void> {
    await this.#instances.update(this.database(cellId), uuid, updates);
  }

  /** An agent has done what it was told, and left the server so. */
  async settled(uuid: string, vm_state: Instance['vm_state'], cellId = 2): Promise<void> {
    await execute(this.database(cellId), 'DELETE FROM operations WHERE instance_uuid = $1', [uuid]);
    await this.change(uuid, { vm_state, task_state: null }, cellId);
  }

  database(cellId: number): DataSource {
    return cellId === 1 ? this.cell0 : cellId === 2 ? this.cell1 : this.cell2;
  }

  /** A host's service with a fresh heartbeat. */
  async host(name: string, cellId = 2): Promise<void> {
    await new ServiceRepository().report(this.database(cellId), {
      host: name,
      binary: 'nova-compute',
      topic: 'compute',
      version: 1,
    });
    await execute(this.api, 'INSERT INTO host_mappings (cell_id, host) VALUES ($1, $2) ON CONFLICT DO NOTHING', [cellId, name]);
  }

  async usage(projectId = 'p'): Promise<{ instances: number; cores: number; ram: number }> {
    const [row] = await rows<{ instances: number; cores: number; ram: number }>(
      this.api,
      `SELECT instances, cores, ram FROM quota_usages WHERE project_id = $1 AND user_id = ''`,
      [projectId],
    );
    return row ?? { instances: 0, cores: 0, ram: 0 };
  }

  /** Everything but flavors, services and the cells is forgotten. */
  async clear(): Promise<void> {
    this.casts.length = 0;
    this.placement.released.length = 0;
    for (const table of [
      'build_requests',
      'request_specs',
      'instance_mappings',
      'instance_group_members',
      'instance_groups',
      'quota_usages',
      'quota_holdings',
      'quotas',
      'outbox',
      'key_pairs',
    ]) {
      await execute(this.api, `DELETE FROM ${table}`);
    }
    for (const cell of [this.cell0, this.cell1, this.cell2]) {
      for (const table of ['operations', 'instances', 'instances_archive', 'instance_actions', 'outbox', 'group_placements'])
        await execute(cell, `DELETE FROM ${table}`);
    }
  }
}

/** Call at the top of a file: the cloud of its tests, with flavor `f1` (1 vCPU, 512 MiB, 1 GiB) and `host1` in cell1. */
export function useServerCloud(
  settings: Record<string, Record<string, unknown>> = {},
  substitutes: ComputeApiExtras = {},
): ServerCloud {
  const cloud = new ServerCloud();
  const api = useDatabase(apiMigrations());
  const cells = [useDatabase(cellMigrations()), useDatabase(cellMigrations()), useDatabase(cellMigrations())] as const;
  let running: RunningComputeApi | undefined;
  const servers: BusServer[] = [];
  let outside: NotificationSubscription | undefined;
  const bus = `servers${process.pid}-${++clouds}`;
  beforeAll(async () => {
    cloud.api = await api.dataSource();
    [cloud.cell0, cloud.cell1, cloud.cell2] = await Promise.all([
      cells[0].dataSource(),
      cells[1].dataSource(),
      cells[2].dataSource(),
    ]);
    await mapCells(
      cloud.api,
      bus,
      cells.map(({ url }) => url),
    );
    await execute(
      cloud.api,
      `INSERT INTO flavors (flavorid, name, memory_mb, vcpus, root_gb) VALUES ('f1', 'm1.tiny', 512, 1, 1), ('f0', 'diskless', 512, 1, 0)`,
    );
    servers.push(...(await listen(cloud, bus)));
    const topics = ['versioned_notifications'];
    outside = subscribeNotifications({ url: `memory://${bus}`, topics, log: SILENT }, (one) => void cloud.told.push(one));
    await outside.ready();
    const config = loadConfig({
      sections: computeApiConfig,
      env: {},
      defaults: {
        http: { port: 0 },
        apiDatabase: { url: api.url },
        ...settings,
        messaging: { url: `memory://${bus}`, ...settings['messaging'] },
        // Only a cell that nobody answers for is down: a slow machine is none.
        cells: { timeoutSeconds: 30, ...settings['cells'] },
      },
    });
    const doubles = {
      images: new ImageClient(cloud.images),
      placement: cloud.placement,
      volumes: cloud.volumes,
      networks: cloud.networks,
      projects: someProjects,
      capacity: roomFor(3),
    };
    const extras = { authenticate: noAuth2(), ...doubles, ...substitutes };
    running = await startComputeApi(config, createLogger({ name: 'compute-api', level: 'silent' }), extras);
    cloud.url = running.url;
    await cloud.host('host1');
  });
  afterAll(async () => {
    await running?.close();
    await outside?.close();
    await Promise.all(servers.map((server) => server.close()));
  });
  return cloud;
}

async function mapCells(api: DataSource, bus: string, urls: readonly string[]): Promise<void> {
  const uuids = [CELL0_UUID, CELLS.cell1, CELLS.cell2];
  for (const [index, url] of urls.entries()) {
    const transport = index === 0 ? NO_TRANSPORT : `memory://${bus}-cell${index}`;
    const text = 'INSERT INTO cell_mappings (uuid, name, transport_url, database_connection) VALUES ($1, $2, $3, $4)';
    await execute(api, text, [uuids[index], `cell${index}`, transport, url]);
  }
}

/** Conductor and the agents of host1 and host2 as far as they note what they are told. */
async function listen(cloud: ServerCloud, bus: string): Promise<BusServer[]> {
  const note = (method: string, args: unknown, delivery: { target: { host?: string } }): Promise<unknown> => {
    const cast = { method, args, host: delivery.target.host };
    cloud.casts.push(cast);
    return cloud.onCast(cast);
  };
  const servers = [
    createBusServer({ url: `memory://${bus}`, cell: 'api', topic: 'conductor', prefetch: 8 }, note),
    createBusServer({ url: `memory://${bus}-cell1`, cell: 'cell1', topic: 'compute', hosts: ['host1'], prefetch: 8 }, note),
    createBusServer({ url: `memory://${bus}-cell2`, cell: 'cell2', topic: 'compute', hosts: ['host2'], prefetch: 8 }, note),
  ];
  await Promise.all(servers.map((server) => server.start()));
  return servers;
}

/** A scheduler that finds room for so many servers on `host1`. */
const roomFor = (count: number): CapacityCounter => ({
  count: async () => ({
    total: count,
    is_complete: true,
    hosts: [{ host: 'host1', cell_uuid: CELLS.cell1, availability_zone: 'nova', count }],
    refused: [{ stage: 'filter', rule: 'ComputeFilter', hosts: 1 }],
    reason: '',
  }),
});
