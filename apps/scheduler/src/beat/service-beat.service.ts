import { messages } from '@kilonova/compute-objects';
import { Config } from '@kilonova/config';
import { MessageBus } from '@kilonova/messaging';
import type { Logger } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { type CallMessage, PeriodicTask, systemCtx } from '@kilonova/util';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { schedulerSection } from '../config.js';

const CONDUCTOR = { topic: 'conductor' } as const;
const BINARY = 'nova-scheduler';
const TIMEOUT_MS = 5_000;

/**
 * Keeps the scheduler's row in service lists alive, through the conductor: the scheduler writes to no database. A beat
 * that is lost is made up for by the next.
 */
@Injectable()
export class ServiceBeat implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #task: PeriodicTask;

  readonly #host: string;

  constructor(
    private readonly bus: MessageBus,
    config: Config,
    @Inject(LOGGER) logger: Logger,
  ) {
    const { host, reportIntervalSeconds } = config.get(schedulerSection);
    this.#host = host;
    this.#task = new PeriodicTask(
      reportIntervalSeconds * 1000,
      () => this.#beat(),
      (error) => logger.debug({ err: error }, 'a heartbeat was lost'),
    );
  }

  onApplicationBootstrap(): void {
    this.#task.start(0);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#task.stop();
  }

  /** A service that nobody knows yet introduces itself. */
  async #beat(): Promise<void> {
    const { hosts: known } = await this.#call(messages.serviceHeartbeat, { binary: BINARY, hosts: [this.#host] });
    if (known.length > 0) return;
    await this.#call(messages.reportService, { host: this.#host, binary: BINARY, topic: 'scheduler', version: 1 });
  }

  #call<Args, Result>(message: CallMessage<Args, Result, 'conductor'>, args: NoInfer<Args>): Promise<Result> {
    return this.bus.call(systemCtx(BINARY), message, CONDUCTOR, args, { timeoutMs: TIMEOUT_MS });
  }
}
