import { existsSync, readFileSync } from 'node:fs';
import { startPostgres } from '@kilonova/local-servers';
import { withDatabase } from '@kilonova/sql';
import { answers, awaitReady } from './await-ready.js';
import { openBrokers } from './brokers.js';
import { CloudClient } from './cloud-client.js';
import { type CloudLayout, layOut, portsFrom } from './cloud-layout.js';
import { prepareDatabases } from './databases.js';
import { discoverHosts } from './discover.js';
import { furnish } from './furnish.js';
import { LogRotation } from './log-rotation.js';
import { ProcessServices } from './process-services.js';
import type { Progress } from './progress.js';
import { type Proofs, type ProvenServer, proveCells } from './prove.js';
import { type ServicePlan, servicePlans } from './service-plan.js';
import type { ServiceRunner, ServiceStatus } from './service-runner.js';
import type { StateDir } from './state-dir.js';
import { SupervisedPostgres } from './supervised-postgres.js';
import type { UpOptions } from './up-options.js';
import { writeCloudFiles } from './write-cloud-files.js';

/** How long a stage may take to come up, milliseconds: a cold machine with two cores starts a dozen processes. */
const STAGE_DEADLINE_MS = 120_000;

/** One whole cloud: its servers, its services, and how to start and stop them in order. */
export class Cloud {
  readonly #logs: LogRotation;
  #postgres: SupervisedPostgres | undefined;
  #runner: ServiceRunner | undefined;
  #layout: CloudLayout | undefined;
  #proven: readonly ProvenServer[] = [];

  constructor(
    private readonly options: UpOptions,
    private readonly state: StateDir,
    private readonly progress: Progress,
  ) {
    this.#logs = new LogRotation([state.path('log'), state.path('postgres')], options.logMaxMb * 1_048_576);
  }

  get layout(): CloudLayout {
    if (this.#layout === undefined) throw new Error('the cloud is not laid out yet');
    return this.#layout;
  }

  get proven(): readonly ProvenServer[] {
    return this.#proven;
  }

  services(): readonly ServiceStatus[] {
    const postgres = this.#postgres === undefined ? [] : [this.#postgres.status];
    return [...postgres, ...(this.#runner?.status() ?? [])];
  }

  /** Starts everything from whatever is there; resolves when servers can be booted. */
  async start(): Promise<void> {
    const { progress } = this;
    const brokers = await openBrokers(this.options, this.state.secrets.secret, progress);
    const databaseUrl = await progress.step('PostgreSQL', () => this.#openPostgres());
    this.#layout = layOut(this.options, { databaseUrl, brokerUrl: brokers.url });
    await brokers.prepare(this.layout);
    await progress.step('databases and cells', () => prepareDatabases(this.layout));
    const plans = servicePlans(this.options, this.layout, this.state.secrets).flatMap(brokers.own);
    writeCloudFiles(this.layout, plans, this.state);
    this.#logs.start();
    this.#runner = await this.#makeRunner(plans);
    for (const stage of [0, 1, 2, 3]) await progress.step(stageTitle(plans, stage), () => this.#startStage(plans, stage));
    await progress.step('hosts', () => this.#hostsUp());
    const client = new CloudClient(this.layout.endpoints, this.state.secret('admin-password'));
    await progress.step('flavors and images', () => furnish(client));
    if (this.options.proof)
      this.#proven = await progress.step('a server in each cell', () => proveCells(client, this.layout, proofsIn(this.state)));
  }

  /** Ends services, then servers. Safe to call at any point of starting. */
  async stop(): Promise<void> {
    await this.#runner?.stop();
    await this.#postgres?.stop();
    await this.#logs.stop();
  }

  async #openPostgres(): Promise<(name: string) => string> {
    const { postgres } = this.options;
    if (postgres !== undefined) return (name) => withDatabase(postgres, name);
    const server = await startPostgres({ baseDir: this.state.path('postgres'), port: portsFrom(this.options.portBase).postgres });
    this.#postgres = new SupervisedPostgres(server, (message) => this.progress.note(message));
    return (name) => server.databaseUrl(name);
  }

  async #makeRunner(plans: readonly ServicePlan[]): Promise<ServiceRunner> {
    if (this.options.amqp !== undefined) return new ProcessServices(this.state, plans, (message) => this.progress.note(message));
    const { EmbeddedServices } = await import('./embedded-services.js');
    return new EmbeddedServices((name) => this.state.path('log', `${name}.log`), this.options.logLevel as 'info');
  }

  async #startStage(plans: readonly ServicePlan[], stage: number): Promise<void> {
    const members = plans.filter((plan) => plan.stage === stage);
    await Promise.all(members.map((plan) => this.#runner?.start(plan)));
    const urls = members.flatMap((plan) => rootOf(plan, this.layout));
    await Promise.all(urls.map((url) => awaitReady(url, STAGE_DEADLINE_MS, () => answers(url))));
  }

  /** Waits for every host's agent to register, and maps the hosts to their cells. */
  async #hostsUp(): Promise<void> {
    const expected = this.layout.cells.length * this.options.hosts;
    await awaitReady('the hosts', STAGE_DEADLINE_MS, async () => (await discoverHosts(this.layout)) >= expected);
  }
}

const PROOFS = ['config', 'proofs.json'] as const;

const proofsIn = (state: StateDir): Proofs => ({
  earlier: () => (existsSync(state.path(...PROOFS)) ? (JSON.parse(readFileSync(state.path(...PROOFS), 'utf8')) as string[]) : []),
  keep: (ids) => void state.write(PROOFS, `${JSON.stringify(ids)}\n`, 0o600),
});

const stageTitle = (plans: readonly ServicePlan[], stage: number): string => {
  const names = [...new Set(plans.filter((plan) => plan.stage === stage).map((plan) => plan.process ?? plan.name))];
  return names.length > 6 ? `${names.length} services` : names.join(', ');
};

/** The root of a service's API; those without one are waited for by what they do. */
function rootOf(plan: ServicePlan, layout: CloudLayout): readonly string[] {
  const { identity, image, placement, compute } = layout.endpoints;
  const roots: Partial<Record<ServicePlan['app'], string>> = {
    identity,
    image: `${image}/`,
    placement: `${placement}/`,
    'compute-api': compute,
  };
  const root = roots[plan.app];
  return root === undefined ? [] : [root];
}
