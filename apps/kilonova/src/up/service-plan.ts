import { availableParallelism } from 'node:os';
import type { CellLayout, CloudLayout } from './cloud-layout.js';
import { identitySecret } from './service-users.js';
import type { UpOptions } from './up-options.js';

/** The apps that a cloud is made of. */
export type AppName = 'identity' | 'image' | 'placement' | 'conductor' | 'scheduler' | 'compute-api' | 'compute-agent';

/**
 * Boots that the super-conductor works on at once where everything shares one machine. More do not end sooner, they only
 * compete with the API: at 16, on two cores, a create is accepted in 100 ms instead of 30, and no more servers start.
 */
const BOOTS_AT_ONCE = Math.max(2, availableParallelism());

/** One service of a cloud: which app it runs, and its configuration by section. */
export interface ServicePlan {
  readonly name: string;
  readonly app: AppName;
  /** Further words of its command line. */
  readonly args?: readonly string[];
  /** The process that it shares with others of its app; left out, it has one of its own name. */
  readonly process?: string;
  /** Services of a lower stage are up before those of a higher one start. */
  readonly stage: number;
  readonly config: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What the plan needs beside the layout: folders and secrets of the state folder. */
export interface PlanSecrets {
  readonly path: (...parts: string[]) => string;
  readonly secret: (name: string) => string;
}

const REGION = 'RegionOne';

/** A cloud for trying things out does not count servers; a project may still be given limits. */
const UNLIMITED = { instances: -1, cores: -1, ram: -1, keyPairs: 1000, serverGroups: 1000, serverGroupMembers: 1000 };

/** Every service of the cloud with its whole configuration, in the order of starting. */
export function servicePlans(options: UpOptions, layout: CloudLayout, state: PlanSecrets): readonly ServicePlan[] {
  return [
    ...companions(options, layout, state),
    placement(options, layout, state),
    superConductor(options, layout, state),
    scheduler(options, layout, state),
    computeApi(options, layout, state),
    ...layout.cells.map((cell) => cellConductor(cell, options, layout, state)),
    ...layout.cells.flatMap((cell) => agents(cell, options, layout, state)),
  ];
}

/** A broker on which all services share one user: orders are taken from that one. */
const messaging = (url: string) => ({ url, controlPlaneUsers: [decodeURIComponent(new URL(url).username) || 'guest'] });

const log = (options: UpOptions) => ({ level: options.logLevel });

/** Each service logs in as a user of its own. */
const keystone = (name: string, layout: CloudLayout, state: PlanSecrets) => ({
  authUrl: layout.internal.identity,
  username: name,
  password: state.secret(identitySecret(name)),
  region: REGION,
});

const notifications = (options: UpOptions, layout: CloudLayout) => ({
  format: options.notificationFormat,
  imageUrl: layout.endpoints.image,
});

/** Where API and agents share this process, volumes are kept in its memory; else there are none. */
const volume = ({ amqp }: UpOptions) => ({ provider: amqp === undefined ? 'memory' : 'none' });

/** Likewise; servers have no interfaces where no network was asked for. */
const network = ({ amqp, networks }: UpOptions) =>
  amqp === undefined && networks.length > 0 ? { provider: 'memory', memoryNetworks: networks } : { provider: 'none' };

function companions(options: UpOptions, layout: CloudLayout, state: PlanSecrets): readonly ServicePlan[] {
  const identity = {
    host: layout.bindHost,
    port: layout.ports.identity,
    stateDir: state.path('identity'),
    seedFile: state.path('config', 'identity-seed.yaml'),
    region: REGION,
  };
  return [
    { name: 'identity', app: 'identity', stage: 0, config: { identity, log: log(options) } },
    {
      name: 'image',
      app: 'image',
      stage: 1,
      config: {
        image: { host: layout.bindHost, port: layout.ports.image, stateDir: state.path('image') },
        log: log(options),
        keystone: keystone('image', layout, state),
      },
    },
  ];
}

const placement = (options: UpOptions, layout: CloudLayout, state: PlanSecrets): ServicePlan => ({
  name: 'placement',
  app: 'placement',
  stage: 1,
  config: {
    database: { url: layout.databases.placement, syncOnStartup: true },
    http: { host: layout.bindHost, port: layout.ports.placement },
    auth: { strategy: 'keystone' },
    keystone: keystone('placement', layout, state),
    log: log(options),
  },
});

const superConductor = (options: UpOptions, layout: CloudLayout, state: PlanSecrets): ServicePlan => ({
  name: 'super-conductor',
  app: 'conductor',
  args: ['--role', 'super'],
  stage: 2,
  config: {
    conductor: { host: 'controller', concurrentWork: BOOTS_AT_ONCE },
    messaging: messaging(layout.apiBroker),
    apiDatabase: { url: layout.databases.api },
    keystone: keystone('super-conductor', layout, state),
    placement: { url: layout.internal.placement },
    image: { url: layout.internal.image },
    notifications: notifications(options, layout),
    log: log(options),
  },
});

const scheduler = (options: UpOptions, layout: CloudLayout, state: PlanSecrets): ServicePlan => ({
  name: 'scheduler',
  app: 'scheduler',
  stage: 2,
  config: {
    scheduler: { host: 'controller', maxAttempts: options.maxAttempts },
    messaging: messaging(layout.apiBroker),
    apiDatabase: { url: layout.databases.api },
    placement: { url: layout.internal.placement },
    keystone: keystone('scheduler', layout, state),
    network: network(options),
    notifications: notifications(options, layout),
    log: log(options),
  },
});

const computeApi = (options: UpOptions, layout: CloudLayout, state: PlanSecrets): ServicePlan => ({
  name: 'compute-api',
  app: 'compute-api',
  stage: 2,
  config: {
    http: { host: layout.bindHost, port: layout.ports.compute },
    messaging: { url: layout.apiBroker },
    apiDatabase: { url: layout.databases.api },
    computeApi: { host: 'controller' },
    quota: UNLIMITED,
    keystone: keystone('compute-api', layout, state),
    placement: { url: layout.internal.placement },
    image: { url: layout.internal.image },
    volume: volume(options),
    network: network(options),
    notifications: notifications(options, layout),
    log: log(options),
  },
});

const cellConductor = (cell: CellLayout, options: UpOptions, layout: CloudLayout, state: PlanSecrets): ServicePlan => ({
  name: `${cell.name}-conductor`,
  app: 'conductor',
  args: ['--role', 'cell'],
  stage: 2,
  config: {
    conductor: { host: `${cell.name}-controller` },
    messaging: messaging(cell.broker),
    cell: { name: cell.name, databaseUrl: cell.database },
    keystone: keystone(`${cell.name}-conductor`, layout, state),
    placement: { url: layout.internal.placement },
    notifications: notifications(options, layout),
    log: log(options),
  },
});

const agentName = (cell: CellLayout, index: number): string =>
  cell.agents.length === 1 ? `${cell.name}-agent` : `${cell.name}-agent${index + 1}`;

const agents = (cell: CellLayout, options: UpOptions, layout: CloudLayout, state: PlanSecrets): readonly ServicePlan[] =>
  cell.agents.map((hosts, index) => ({
    name: agentName(cell, index),
    app: 'compute-agent',
    stage: 3,
    config: {
      agent: { cell: cell.name, hosts, stateDir: state.path('agents', cell.name) },
      messaging: messaging(cell.broker),
      allocation: { cpuAllocationRatio: options.cpuAllocationRatio },
      fake: {
        vcpus: options.hostVcpus,
        memoryMb: options.hostMemoryMb,
        diskGb: options.hostDiskGb,
        spawnDelayMs: options.spawnDelayMs,
        brokenHosts: options.brokenHosts,
        behaviourFile: state.path('fake-driver.json'),
        hardwareFile: state.path('fake-hardware.json'),
      },
      placement: { url: layout.internal.placement },
      image: { url: layout.internal.image },
      volume: volume(options),
      network: network(options),
      keystone: keystone(agentName(cell, index), layout, state),
      notifications: notifications(options, layout),
      log: log(options),
    },
  }));
