import { randomUUID } from 'node:crypto';
import { type AcceptedBoot, ApiDatabase, apiMigrations, BootRepository, CellMappingRepository } from '@kilonova/api-db';
import { cellMigrations } from '@kilonova/cell-db';
import { CELL0_UUID, type CellMapping, CellRegistry, NO_TRANSPORT } from '@kilonova/cells';
import { type Instance, messages } from '@kilonova/compute-objects';
import { nodeUuidOf } from '@kilonova/compute-samples';
import { loadConfig } from '@kilonova/config';
import { ImageClient } from '@kilonova/image-client';
import { castEnvelope, createMessageBus, enqueueCast, type MessageBus } from '@kilonova/messaging';
import { type Closeable, createLogger } from '@kilonova/observability';
import { MemoryPlacement, PlacementClient } from '@kilonova/placement-client';
import { composeService, type RunningService, type ServiceDefinition, type ServiceStart, startService } from '@kilonova/service';
import { rows } from '@kilonova/sql';
import { emptyTables, useDatabase } from '@kilonova/testing';
import { type Ctx, newRequestId, systemCtx } from '@kilonova/util';
import { type DynamicModule } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { DataSource } from 'typeorm';
import { afterEach, beforeAll, beforeEach } from 'vitest';
import { cellConductor, superConductor } from '../conductor.service.js';
import { cellConductorSections, superConductorSections } from '../config.js';
import { ReviveBoots } from '../super/boot/revive-boots.service.js';
import { ScheduleAndBuild } from '../super/boot/schedule-and-build.service.js';
import { CacheImages } from '../super/image/cache-images.service.js';
import { TendImages } from '../super/image/tend-images.service.js';
import { Jobs } from '../sweeping/jobs.js';
import { type Job, Sweeper } from '../sweeping/sweeper.js';
import { RecordingAgents } from './recording-agents.js';
import { ScriptedScheduler } from './scripted-scheduler.js';
import { SomeImages } from './some-images.js';

/** Hosts that both cells have agents for. */
const HOSTS = ['h1', 'h2', 'h3'];

/** What tests and conductors write; tables that hang on these go with them. */
const API_TABLES = [
  'aggregate_hosts',
  'aggregates',
  'cell_mappings',
  'host_mappings',
  'instance_mappings',
  'request_specs',
  'build_requests',
  'instance_groups',
  'instance_group_members',
  'scheduling_records',
  'scheduling_traces',
  'quota_holdings',
  'quota_usages',
  'services',
  'outbox',
];
const CELL_TABLES = [
  'migrations',
  'instances',
  'instances_archive',
  'instance_actions',
  'operations',
  'ended_steps',
  'group_placements',
  'image_errands',
  'services',
  'compute_nodes',
  'mapped_hosts',
  'outbox',
];

type Flags = Readonly<Record<string, string>>;
type ConductorRole = 'super' | 'cell';

/** A super conductor that takes no messages and sweeps only when it is told to. */
export interface QuietConductor {
  readonly api: ApiDatabase;
  readonly cells: CellRegistry;
  readonly scheduleAndBuild: ScheduleAndBuild;
  readonly tendImages: TendImages;
  readonly cacheImages: CacheImages;
  readonly reviveBoots: ReviveBoots;
  readonly jobs: readonly Job[];
}

/** Pauses before casts are tried again, milliseconds: as many as there are, and shorter. Queues of a real broker have theirs. */
const RETRIES_MS = [100, 200, 500, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000];

function serviceOf(role: ConductorRole): ServiceDefinition {
  const service = role === 'super' ? superConductor : cellConductor;
  return {
    ...service,
    bus: (config) => {
      const bus = service.bus(config);
      return bus.url.startsWith('memory:') ? { ...bus, retryDelaysMs: RETRIES_MS } : bus;
    },
  };
}

/**
 * A cloud of one API level, cell0 and two cells on real databases, a memory bus for each broker, a scripted scheduler and
 * a placement in memory. Conductors are started by the test.
 */
export class TestCloud {
  placement = new MemoryPlacement();
  images = new SomeImages();
  scheduler!: ScriptedScheduler;
  api!: DataSource;
  cell0!: DataSource;
  cell1!: DataSource;
  cell2!: DataSource;
  apiBus!: MessageBus;
  agents1!: RecordingAgents;
  agents2!: RecordingAgents;
  cells: { cell0: CellMapping; cell1: CellMapping; cell2: CellMapping } = {} as never;
  readonly boots = new BootRepository();
  run = '';
  readonly #running: Closeable[] = [];

  constructor(
    private readonly urls: {
      readonly api: () => string;
      readonly cell0: () => string;
      readonly cell1: () => string;
      readonly cell2: () => string;
    },
  ) {}

  async begin(): Promise<void> {
    this.run = randomUUID().slice(0, 8);
    await this.#clear();
    const mappings = new CellMappingRepository();
    const create = (name: string, uuid: string, transport_url: string, database_connection: string) =>
      mappings.create(this.api, { uuid, name, transport_url, database_connection, disabled: false });
    this.cells = {
      cell0: await create('cell0', CELL0_UUID, NO_TRANSPORT, this.urls.cell0()),
      cell1: await create('cell1', randomUUID(), this.busUrl('cell1'), this.urls.cell1()),
      cell2: await create('cell2', randomUUID(), this.busUrl('cell2'), this.urls.cell2()),
    };
    this.placement = new MemoryPlacement();
    this.images = new SomeImages();
    for (const host of HOSTS) this.placement.addRoot(nodeUuidOf(host));
    this.scheduler = new ScriptedScheduler(this.busUrl('api'), this.placement);
    this.scheduler.hosts = [['h1', this.cells.cell1.uuid]];
    this.scheduler.trace = undefined;
    await this.scheduler.start();
    this.agents1 = new RecordingAgents(this.busUrl('cell1'), 'cell1', HOSTS);
    this.agents2 = new RecordingAgents(this.busUrl('cell2'), 'cell2', HOSTS);
    await Promise.all([this.agents1.start(), this.agents2.start()]);
    this.apiBus = createMessageBus({ url: this.busUrl('api'), cell: 'api' });
  }

  async end(): Promise<void> {
    for (const conductor of this.#running.splice(0)) await conductor.close();
    await Promise.all([this.scheduler.close(), this.agents1.close(), this.agents2.close()]);
    await this.apiBus.close();
  }

  busUrl(name: string): string {
    return `memory://${name}-${this.run}`;
  }

  /** Starts a conductor that sweeps only when `flags` say so. */
  async conductor(role: ConductorRole, flags: Flags = {}): Promise<RunningService> {
    const running = await startService(serviceOf(role), {
      ...this.#start(role, flags),
      create: async (module, strategy) =>
        (await this.#testing(module).compile()).createNestMicroservice({ strategy, logger: false, abortOnError: false }),
    });
    this.#running.push(running);
    return running;
  }

  /** A super conductor without its messages: tests call it themselves, as often as they like. */
  async parts(flags: Flags = {}): Promise<QuietConductor> {
    const { module } = composeService(superConductor, this.#start('super', flags));
    const idle = { start: () => undefined, stop: async () => undefined };
    const app = await this.#testing(module).overrideProvider(Sweeper).useValue(idle).compile();
    this.#running.push(app);
    await app.init();
    const get = <T>(token: abstract new (...args: never[]) => T): T => app.get(token as never, { strict: false });
    const { upkeep, sweeping } = get(Jobs);
    return {
      api: get(ApiDatabase),
      cells: get(CellRegistry),
      scheduleAndBuild: get(ScheduleAndBuild),
      tendImages: get(TendImages),
      cacheImages: get(CacheImages),
      reviveBoots: get(ReviveBoots),
      jobs: [...upkeep, ...sweeping],
    };
  }

  #start(role: ConductorRole, flags: Flags): ServiceStart {
    return { config: this.#config(role, flags), logger: createLogger({ name: 'test', level: 'silent' }) };
  }

  #testing(module: DynamicModule) {
    return Test.createTestingModule({ imports: [module] })
      .setLogger(false as never)
      .overrideProvider(PlacementClient)
      .useValue(this.placement)
      .overrideProvider(ImageClient)
      .useValue(new ImageClient(this.images));
  }

  /** One round of every job of a super conductor, as if all were overdue. */
  async sweep(parts: QuietConductor | undefined): Promise<void> {
    for (const job of parts?.jobs ?? []) await job.run();
  }

  /** What the API does: stores the boots of one request, and the cast in the outbox. */
  async accept(boots: readonly AcceptedBoot[]): Promise<Ctx> {
    const ctx = { ...systemCtx('u1'), requestId: boots[0]?.request_id ?? newRequestId() };
    await this.api.transaction(async (sql) => {
      await this.boots.acceptMany(sql, boots);
      const args = { instance_uuids: boots.map((boot) => boot.instance.uuid) };
      const conductor = { topic: 'conductor' } as const;
      await enqueueCast(sql, castEnvelope(ctx, messages.scheduleAndBuildInstances, conductor, args, randomUUID()));
    });
    return ctx;
  }

  /** Tells the conductor again, as a redelivery would. */
  async recast(ctx: Ctx, uuids: readonly string[]): Promise<void> {
    await this.apiBus.cast(ctx, messages.scheduleAndBuildInstances, { topic: 'conductor' }, { instance_uuids: uuids });
  }

  instances(sql: DataSource): Promise<Instance[]> {
    return rows<Instance>(sql, 'SELECT * FROM instances ORDER BY id');
  }

  actions(sql: DataSource): Promise<Array<{ action: string; request_id: string }>> {
    return rows(sql, 'SELECT action, request_id FROM instance_actions ORDER BY id');
  }

  mappings(): Promise<Array<{ instance_uuid: string; cell_id: number | null }>> {
    return rows(this.api, 'SELECT instance_uuid, cell_id FROM instance_mappings');
  }

  buildRequests(): Promise<unknown[]> {
    return rows(this.api, 'SELECT 1 FROM build_requests');
  }

  #config(role: ConductorRole, flags: Flags) {
    const own =
      role === 'super'
        ? {
            'messaging.url': this.busUrl('api'),
            'apiDatabase.url': this.urls.api(),
            'apiDatabase.poolSize': '6',
            'cells.poolSize': '3',
            // Only a cell that nobody answers for is down: a slow machine is none.
            'cells.timeoutSeconds': '30',
          }
        : {
            'messaging.url': this.busUrl('cell1'),
            'cell.name': 'cell1',
            'cell.databaseUrl': this.urls.cell1(),
            'cell.poolSize': '5',
          };
    const quick = { 'conductor.relayPollMs': '20', 'sweeper.enabled': 'false', 'log.level': 'silent' };
    return loadConfig({
      sections: role === 'super' ? superConductorSections : cellConductorSections,
      env: {},
      flags: { ...own, ...quick, ...flags },
    });
  }

  async #clear(): Promise<void> {
    await Promise.all([
      emptyTables(this.api, API_TABLES),
      ...[this.cell0, this.cell1, this.cell2].map((cell) => emptyTables(cell, CELL_TABLES)),
    ]);
  }
}

/** Call at the top of a test file. */
export function useCloud(): TestCloud {
  const [api, cell0, cell1, cell2] = [
    useDatabase(apiMigrations()),
    useDatabase(cellMigrations()),
    useDatabase(cellMigrations()),
    useDatabase(cellMigrations()),
  ];
  const cloud = new TestCloud({ api: () => api.url, cell0: () => cell0.url, cell1: () => cell1.url, cell2: () => cell2.url });
  beforeAll(async () => {
    [cloud.api, cloud.cell0, cloud.cell1, cloud.cell2] = await Promise.all([
      api.dataSource(),
      cell0.dataSource(),
      cell1.dataSource(),
      cell2.dataSource(),
    ]);
  });
  beforeEach(() => cloud.begin());
  afterEach(() => cloud.end());
  return cloud;
}
