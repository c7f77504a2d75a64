import { ApiDatabase, apiMigrations } from '@kilonova/api-db';
import { cellMigrations } from '@kilonova/cell-db';
import { CELL0_UUID, type CellMapping, CellRegistry, cellConnections, MappedCellRegistry, NO_TRANSPORT } from '@kilonova/cells';
import { createHttpApp, mountApi, noAuth2, novaStyle, type Route } from '@kilonova/http';
import { ProjectDirectory } from '@kilonova/identity-client';
import { createMessageBus, type MessageBus } from '@kilonova/messaging';
import { NotificationEmitter } from '@kilonova/notifications';
import { createLogger, createMetrics, type Metrics } from '@kilonova/observability';
import { MemoryPlacement, PlacementClient } from '@kilonova/placement-client';
import { Policy } from '@kilonova/policy';
import { execute } from '@kilonova/sql';
import { type TestDatabase, useDatabase } from '@kilonova/testing';
import { AppError } from '@kilonova/util';
import { type DynamicModule, type Provider } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll } from 'vitest';
import { ApiOutbox } from '../common/api-outbox.service.js';
import { CommonModule } from '../common/common.module.js';
import { ComputeSettings } from '../common/settings.js';
import { LOGGER } from '../common/tokens.js';
import { computeRules } from '../compute-rules.js';
import { EXTENSIONS } from '../version/version-span.js';
import { computeCheck } from './answer-check.js';
import { nounModules } from './nouns.js';
import { someProjects } from './some-projects.js';

export const CELL1_UUID = '11111111-1111-4111-8111-111111111111';
const DOWN_UUID = '22222222-2222-4222-8222-222222222222';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

export interface Call {
  readonly body?: unknown;
  /** `2.64`; default 2.1. */
  readonly at?: string;
  /** `user:project`; default `admin`. */
  readonly as?: string;
  /** Default: `member,reader` for users other than admin. */
  readonly roles?: string;
}

export class NounApi {
  app!: NestFastifyApplication;
  api!: DataSource;
  cell!: DataSource;
  registry!: MappedCellRegistry;
  readonly placement = new MemoryPlacement();
  readonly events: Array<{ eventType: string; payload: unknown }> = [];

  async call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, call: Call = {}): Promise<Answer> {
    const who = call.as ?? 'admin';
    const roles = call.roles ?? (who.startsWith('admin') ? '' : 'member,reader');
    const payload = call.body === undefined ? {} : { payload: JSON.stringify(call.body) };
    const headers = {
      'x-auth-token': who,
      'openstack-api-version': `compute ${call.at ?? '2.1'}`,
      ...(roles === '' ? {} : { 'x-roles': roles }),
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const reply = await this.app.inject({ method, url: `/v2.1${path}`, headers, ...payload });
    const body = reply.body === '' ? undefined : JSON.parse(reply.body);
    const seen = new Headers(Object.entries(reply.headers).map(([name, value]) => [name, String(value)]));
    computeCheck.check(method, `/v2.1${path}`, { status: reply.statusCode, headers: seen, body }, call.body);
    return { status: reply.statusCode, headers: reply.headers, body };
  }
}

const QUOTAS = {
  instances: 10,
  cores: 20,
  ram: 51_200,
  metadata_items: 128,
  injected_files: 5,
  injected_file_content_bytes: 10_240,
  injected_file_path_bytes: 255,
  key_pairs: 100,
  server_groups: 10,
  server_group_members: 10,
};

const settings = (): ComputeSettings =>
  new ComputeSettings(
    {
      host: 'api',
      maxLimit: 1000,
      serviceDownTimeSeconds: 60,
      defaultAvailabilityZone: 'nova',
      internalServiceAvailabilityZone: 'internal',
      enableInstancePassword: true,
      listSkipsDownCells: true,
    } as ComputeSettings['api'],
    QUOTAS,
    200,
  );

/** The given nouns in a process of their own: two real databases (API, one cell), a bus in memory, a stand-in for placement. */
export function useNounApi(routes: readonly Route[], options: { readonly withDownCell?: boolean } = {}): NounApi {
  const noun = new NounApi();
  const api = useDatabase(apiMigrations());
  const cell0 = useDatabase(cellMigrations());
  const cell1 = useDatabase(cellMigrations());
  let bus: MessageBus;
  beforeAll(async () => {
    noun.api = await api.dataSource();
    noun.cell = await cell1.dataSource();
    bus = createMessageBus({ url: 'memory://nouns', cell: 'api' });
    noun.registry = await registryOf(noun.api, [cell0, cell1], options.withDownCell === true);
    noun.app = await createHttpApp(moduleOf(noun, bus), { bodyLimitBytes: 120_000 });
    mount(noun.app, routes, createMetrics({ service: 'compute' }));
    await noun.app.init();
    await noun.app.getHttpAdapter().getInstance().ready();
  });
  afterAll(async () => {
    await noun.app?.close();
    await noun.registry?.close();
    await bus?.close();
  });
  return noun;
}

const silent = () => createLogger({ name: 'compute', level: 'silent' });

class NounModule {}

function moduleOf(noun: NounApi, bus: MessageBus): DynamicModule {
  const failed = (): void => undefined;
  const emitter = new NotificationEmitter(
    Object.assign(Object.create(bus) as MessageBus, {
      notify: (message: { eventType: string; payload: unknown }) => Promise.resolve(void noun.events.push(message)),
    }),
    { format: 'both', versionedTopics: ['versioned_notifications'], legacyTopics: ['notifications'], onFailure: failed },
  );
  const parts: Provider[] = [
    { provide: ApiDatabase, useValue: new ApiDatabase(noun.api) },
    { provide: LOGGER, useValue: silent() },
    { provide: ComputeSettings, useValue: settings() },
    { provide: CellRegistry, useValue: noun.registry },
    { provide: PlacementClient, useValue: noun.placement },
    // What is stored for a conductor stays in the outbox.
    { provide: ApiOutbox, useValue: { wake: () => undefined, send: () => undefined } },
    { provide: ProjectDirectory, useValue: someProjects },
    { provide: NotificationEmitter, useValue: emitter },
  ];
  return { module: NounModule, imports: [CommonModule.with(parts), ...nounModules] };
}

function mount(app: NestFastifyApplication, routes: readonly Route[], metrics: Metrics): void {
  mountApi(app, {
    service: 'compute',
    style: novaStyle({ min: '2.1', max: '2.104', extensions: EXTENSIONS }),
    prefixes: [{ path: '/v2.1', projectSegment: true }],
    routes,
    authenticate: noAuth2(),
    policy: new Policy({ rules: computeRules, enforceNewDefaults: true }),
    adminRule: 'context_is_admin',
    tokenScopes: ['project'],
    logger: silent(),
    metrics,
  });
}

/** cell0, one cell with hosts and, when asked for, one whose database is not there. */
async function registryOf(
  api: DataSource,
  [cell0, cell1]: readonly TestDatabase[],
  withDown: boolean,
): Promise<MappedCellRegistry> {
  const mapping = (id: number, uuid: string, name: string, url: string): CellMapping => ({
    id,
    uuid,
    name,
    disabled: false,
    database_connection: url,
    transport_url: name === 'cell0' ? NO_TRANSPORT : `memory://${name}`,
  });
  const cells = [mapping(1, CELL0_UUID, 'cell0', cell0?.url ?? ''), mapping(2, CELL1_UUID, 'cell1', cell1?.url ?? '')];
  if (withDown) cells.push(mapping(3, DOWN_UUID, 'down', 'postgresql://nobody@127.0.0.1:1/nothing'));
  for (const cell of cells) {
    await execute(api, 'INSERT INTO cell_mappings (uuid, name, transport_url, database_connection) VALUES ($1, $2, $3, $4)', [
      cell.uuid,
      cell.name,
      cell.transport_url,
      cell.database_connection,
    ]);
  }
  const connections = cellConnections({ name: 'nouns', poolSize: 2, statementTimeoutMs: 5_000 });
  return new MappedCellRegistry({ list: async () => cells }, connections, {
    refreshMs: 60_000,
    deadlineMs: 2_000,
    breakerResetMs: 1_000,
  });
}
