import { messages, type ResumedStep } from '@kilonova/compute-objects';
import { AppError, backoffMs, type Ctx, PeriodicTask, pause, systemCtx } from '@kilonova/util';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CellConductor } from '../cell/cell-conductor.client.js';
import { type ManagedHost, ManagedHosts } from '../host/managed-host.js';
import { ReportHost } from '../host/report-host.service.js';
import { RunningSteps } from '../operation/running-steps.js';
import { StepRunner } from '../operation/step-runner.service.js';
import { cleanEvacuated } from './clean-evacuated.js';
import { resumeGuests } from './resume-guests.js';

/** Pauses between tries to reach the conductor or placement at start: a full-jitter ramp up to 10 s. */
const START_RETRY = { baseMs: 200, capMs: 10_000 };

/** Hosts that are brought up at once by one process. */
const CONCURRENT_STARTS = 8;

export abstract class UpkeepOptions {
  abstract readonly heartbeatMs: number;
  abstract readonly resourcesMs: number;
  /** Whether guests that ran when their host went down are made to run when the agent starts. */
  abstract readonly resumeGuests: boolean;
  abstract readonly onError: (error: unknown, what: string) => void;
  /** Told of a host that is not served. */
  abstract readonly onRefusal: (error: AppError, host: string) => void;
  abstract readonly warn: (message: string) => void;
  /** Versions below which hypervisors are not served, and below which they will not be later on. */
  abstract readonly hypervisorVersions: { readonly least: number; readonly nextLeast: number };
}

const REFUSALS: ReadonlySet<string> = new Set(['agent.driver.too_old', 'agent.reshape.failed']);

/** A host that can't be served as it is. */
const isRefusal = (error: unknown): error is AppError => error instanceof AppError && REFUSALS.has(error.code);

const tooOld = (node: string, version: number, least: number): AppError =>
  new AppError({
    kind: 'conflict',
    code: 'agent.driver.too_old',
    message: `The hypervisor of ${node} has version ${version}; at least ${least} is needed.`,
    details: { node, version, least },
  });

const noHostLeft = (why: string): AppError =>
  new AppError({ kind: 'conflict', code: 'agent.no_host', message: `No host of this agent can be served. ${why}` });

/**
 * Keeps the hosts of this process known: registration at start, heartbeats for all of them in one message, a full
 * report now and then. At start it waits for its conductor and for placement as long as it takes; later failures are
 * left to the next round.
 */
@Injectable()
export class HostUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #stopping = new AbortController();
  readonly #tasks: readonly PeriodicTask[];
  /** Whether placement shows a host as disabled, by what it was told last; unknown after a failure at start. */
  readonly #inPlacement = new Map<string, boolean>();

  constructor(
    private readonly hosts: ManagedHosts,
    private readonly conductor: CellConductor,
    private readonly report: ReportHost,
    private readonly runner: StepRunner,
    private readonly running: RunningSteps,
    private readonly options: UpkeepOptions,
  ) {
    this.#tasks = [
      new PeriodicTask(
        options.heartbeatMs,
        () => this.#heartbeat(),
        (error) => options.onError(error, 'heartbeat'),
      ),
      new PeriodicTask(
        options.resourcesMs,
        () => this.#reportAll(),
        (error) => options.onError(error, 'resource report'),
      ),
    ];
  }

  /** Registers every host, brings back its guests, and starts the periodic work. */
  async onApplicationBootstrap(): Promise<void> {
    const { signal } = this.#stopping;
    const waiting = [...this.hosts.all()];
    const worker = async (): Promise<void> => {
      for (let host = waiting.shift(); host !== undefined; host = waiting.shift()) await this.#bringUp(host, signal);
    };
    await Promise.all(Array.from({ length: CONCURRENT_STARTS }, worker));
    const [first] = this.hosts.all();
    if (first !== undefined && this.hosts.served().length === 0) throw noHostLeft(first.refused ?? '');
    for (const task of this.#tasks) task.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort(new Error('the agent is closing'));
    await Promise.all(this.#tasks.map((task) => task.stop()));
  }

  async #bringUp(host: ManagedHost, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#register(systemCtx('nova-compute'), host);
      } catch (error) {
        signal.throwIfAborted();
        if (isRefusal(error)) return this.#refuse(host, error);
        this.options.onError(error, `registration of ${host.host}`);
        await pause(backoffMs(START_RETRY, attempt), signal);
      }
    }
  }

  /** What waiting does not mend: the host is left out, and the others of the process go on. */
  #refuse(host: ManagedHost, error: AppError): void {
    host.refused = error.message;
    this.options.onRefusal(error, host.host);
  }

  async #register(ctx: Ctx, host: ManagedHost): Promise<void> {
    this.#checkVersion(host);
    const { instances, steps, evacuated = [] } = await this.conductor.call(ctx, messages.hostWork, { host: host.host });
    for (const instance of instances) host.instances.set(instance.uuid, instance);
    await host.driver.initHost(instances);
    const { resumeGuests: resumes, onError } = this.options;
    const migrations = await cleanEvacuated(host, evacuated, onError);
    if (migrations.length > 0) await this.conductor.call(ctx, messages.finishEvacuations, { host: host.host, migrations });
    if (resumes) await resumeGuests(host, instances, this.#stopping.signal, onError);
    await this.report.toCell(ctx, host);
    await this.#toPlacement(ctx, host, true).catch((error: unknown) => this.#leaveToNextRound(error, host));
    this.#resume(host, steps);
  }

  /** Waiting helps where placement is away; where it refuses this one host, the others of the process shall not wait. */
  #leaveToNextRound(error: unknown, host: ManagedHost): void {
    if (isRefusal(error) || AppError.from(error).retryable) throw error;
    this.options.onError(error, `report of ${host.host} to placement`);
  }

  /** @throws AppError `conflict`, code `agent.driver.too_old` */
  #checkVersion({ host, driver }: ManagedHost): void {
    const { least, nextLeast } = this.options.hypervisorVersions;
    for (const node of driver.nodes()) {
      const { hypervisor_version: version } = driver.nodeFacts(node);
      if (version < least) throw tooOld(node, version, least);
      if (version < nextLeast)
        this.options.warn(`the hypervisor of ${node} on ${host} has version ${version}; ${nextLeast} will be needed`);
    }
  }

  /** Goes on with what the host was in the middle of; what fails now is sent again by its cell. */
  #resume(host: ManagedHost, steps: readonly ResumedStep[]): void {
    for (const { ctx, ...ref } of steps) {
      this.runner
        .begin(ctx, host.host, ref)
        .catch((error: unknown) => this.options.onError(error, `resuming ${ref.step} of ${ref.instance_uuid}`));
    }
  }

  async #heartbeat(): Promise<void> {
    const ctx = systemCtx('nova-compute');
    const notified = this.running.takeNotified();
    const beat = {
      binary: 'nova-compute',
      hosts: this.hosts.served().map((host) => host.host),
      steps: this.running.beats(),
      notified: notified.refs,
    };
    const { hosts, stale } = await this.conductor.call(ctx, messages.heartbeat, beat).catch((error: unknown) => {
      notified.back();
      throw error;
    });
    this.running.abort(stale, 'its operation has ended, or is with another host');
    for (const { host: name, disabled } of hosts) {
      const host = this.hosts.get(name);
      host.disabled = disabled;
      if (this.#inPlacement.get(name) !== disabled) await this.#tried(host, 'placement', () => this.#toPlacement(ctx, host));
    }
  }

  /** Hosts one by one; what fails for one does not silence the others, nor its own report to its cell. */
  async #reportAll(): Promise<void> {
    for (const host of this.hosts.served()) {
      const ctx = systemCtx('nova-compute');
      await this.#tried(host, 'its cell', () => this.report.toCell(ctx, host));
      await this.#tried(host, 'placement', () => this.#toPlacement(ctx, host));
    }
  }

  async #toPlacement(ctx: Ctx, host: ManagedHost, isStart = false): Promise<void> {
    const { disabled } = host;
    await this.report.toPlacement(ctx, host, isStart);
    this.#inPlacement.set(host.host, disabled);
  }

  async #tried(host: ManagedHost, to: string, report: () => Promise<unknown>): Promise<void> {
    try {
      await report();
    } catch (error) {
      this.options.onError(error, `report of ${host.host} to ${to}`);
    }
  }
}
