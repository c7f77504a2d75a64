import { ApiDatabase } from '@kilonova/api-db';
import { type ServiceChange, ServiceRepository } from '@kilonova/cell-db';
import { type Cell } from '@kilonova/cells';
import { messages } from '@kilonova/compute-objects';
import { NotificationEmitter, serviceChanged } from '@kilonova/notifications';
import type { Logger } from '@kilonova/observability';
import type { Sql } from '@kilonova/sql';
import { type AppError, type Ctx, invalid, notFound, pause } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { ComputeSettings } from '../common/settings.js';
import { LOGGER } from '../common/tokens.js';
import { HostContentRepository } from '../host-directory/host-content.repository.js';
import { HostDirectory, type LocatedService } from '../host-directory/host-directory.service.js';
import { COMPUTE_BINARY, isServiceUp } from '../host-directory/model/service-state.js';

/** Longest wait of a request for the agent, milliseconds: with its broker away the call takes its whole timeout. */
const PATIENCE_MS = 1_000;

/** What an administrator does to a service: enable, disable, force down. */
@Injectable()
export class ServiceAdmin {
  readonly #services = new ServiceRepository();
  readonly #content = new HostContentRepository();

  constructor(
    private readonly database: ApiDatabase,
    private readonly directory: HostDirectory,
    private readonly emitter: NotificationEmitter,
    private readonly settings: ComputeSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** The compute service of a host. @throws AppError 404 */
  async byHost(host: string): Promise<LocatedService> {
    const found = await this.directory.computeService(host);
    if (found === undefined) throw notFound('compute.service.not_found', `Host '${host}' is not mapped to any cell`);
    return found;
  }

  /** @param id a uuid, or the number that stands for the row. @throws AppError 404 */
  async byId(id: string | number): Promise<LocatedService> {
    const { services } = await this.directory.services();
    const found = services.find(({ service, wideId }) => service.uuid === id || wideId === id);
    if (found === undefined) throw serviceNotFound(String(id));
    return found;
  }

  /**
   * Stores the change, tells the agent when servers may come or may not any more, and tells outsiders.
   * @throws AppError 400 for a host that is to be up again while it has yet to clean up after evacuations
   */
  async change(ctx: Ctx, target: LocatedService, change: ServiceChange): Promise<LocatedService> {
    if (change.forced_down === false) await this.#checkEvacuations(target);
    const service = await this.within(target, (sql) => this.#services.change(sql, target.service.uuid, change));
    if (service === undefined) throw serviceNotFound(target.service.uuid);
    if (change.disabled !== undefined && target.service.binary === COMPUTE_BINARY)
      await this.tellAgent(ctx, target, !change.disabled);
    await serviceChanged(this.emitter, ctx, 'update', service);
    return { ...target, service, isUp: isServiceUp(service, this.settings.serviceDownMs) };
  }

  async #checkEvacuations({ cell, service }: LocatedService): Promise<void> {
    if (cell === undefined || !(await cell.run((sql) => this.#content.hasOpenEvacuations(sql, service.host)))) return;
    const message =
      `Unable to force up host ${service.host} as \`done\` evacuation migration records remain associated with the host. ` +
      'Ensure the compute service has been restarted, allowing these records to move to `completed` before retrying this request.';
    throw invalid('compute.service.evacuations', message);
  }

  /**
   * Waits a moment, so that placement shows the change when the request ends. An agent that cannot be told now learns it
   * with its next heartbeat, so a late or lost response is logged and no more.
   */
  async tellAgent(ctx: Ctx, target: LocatedService, enabled: boolean): Promise<void> {
    if (!target.isUp || target.cell === undefined) return;
    const responded = new AbortController();
    const told = this.#callAgent(ctx, target.cell, target.service.host, enabled).finally(() => responded.abort());
    await Promise.race([told, pause(PATIENCE_MS, responded.signal).catch(() => undefined)]);
  }

  async #callAgent(ctx: Ctx, cell: Cell, host: string, enabled: boolean): Promise<void> {
    try {
      const agent = { topic: 'compute', host } as const;
      const timeoutMs = this.settings.callTimeoutMs;
      await cell.bus.call(ctx, messages.setHostEnabled, agent, { host, enabled }, { timeoutMs });
    } catch (error) {
      this.logger.warn({ err: error, host, enabled }, 'the agent was not told that its host was enabled or disabled');
    }
  }

  /** Runs a task on the database that the service's row is in. */
  async within<T>(target: LocatedService, task: (sql: Sql) => Promise<T>): Promise<T> {
    return target.cell === undefined ? task(await this.database.sql()) : target.cell.run(task);
  }
}

const serviceNotFound = (id: string): AppError => notFound('compute.service.not_found', `Service ${id} could not be found.`);
