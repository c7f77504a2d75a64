import { messages, type OperationTicket } from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import type { Logger } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { type Ctx, pause } from '@kilonova/util';
import { Controller, Inject, UseGuards } from '@nestjs/common';
import { Payload, Ctx as RpcCtx } from '@nestjs/microservices';
import { ControlPlaneGuard } from '../cell/control-plane.guard.js';
import { type ManagedHost, ManagedHosts } from '../host/managed-host.js';
import { CancelledStepError, type RunningStep, RunningSteps } from '../operation/running-steps.js';

const LOOKS = 10;
const BETWEEN_LOOKS_MS = 100;

/** What clients ask of live migrations that this agent works on; of others nothing is done, as their end was first. */
@Controller()
@UseGuards(ControlPlaneGuard)
export class LiveMigrationHandler {
  constructor(
    private readonly hosts: ManagedHosts,
    private readonly running: RunningSteps,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'info'>,
  ) {}

  @Handles(messages.liveMigrationAbort)
  async abort(@Payload() ticket: OperationTicket, @RpcCtx() { delivery }: RpcContext): Promise<void> {
    const step = await this.#find(ticket);
    if (step === undefined) return this.#tooLate(ticket, delivery.target.host);
    return this.#told(delivery.ctx, this.hosts.get(step.host), ticket, 'live_migration_abort', async () =>
      step.abort.abort(new CancelledStepError('the live migration was aborted')),
    );
  }

  @Handles(messages.liveMigrationForceComplete)
  async forceComplete(@Payload() ticket: OperationTicket, @RpcCtx() { delivery }: RpcContext): Promise<void> {
    const step = await this.#find(ticket);
    if (step === undefined) return this.#tooLate(ticket, delivery.target.host);
    const host = this.hosts.get(step.host);
    return this.#told(delivery.ctx, host, ticket, 'live_migration_force_complete', () =>
      host.driver.forceLiveMigration(ticket.instance_uuid),
    );
  }

  /** A step that is just being taken is waited for; one that is taken later knows by itself. */
  async #find({ operation_uuid }: OperationTicket): Promise<RunningStep | undefined> {
    for (let look = 1; look < LOOKS && this.running.of(operation_uuid) === undefined; look++) await pause(BETWEEN_LOOKS_MS);
    return this.running.of(operation_uuid);
  }

  async #told(ctx: Ctx, host: ManagedHost, ticket: OperationTicket, event: string, work: () => Promise<void>): Promise<void> {
    const instance = host.instances.get(ticket.instance_uuid);
    if (instance !== undefined) await host.notifier.event(ctx, instance, event, 'start');
    await work();
    if (instance !== undefined) await host.notifier.event(ctx, instance, event, 'end');
  }

  #tooLate({ instance_uuid: instance }: OperationTicket, host: string | undefined): void {
    this.log.info({ instance, host }, 'the live migration is not under way here any more');
  }
}
