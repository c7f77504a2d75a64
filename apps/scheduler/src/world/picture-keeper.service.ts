import { Config } from '@kilonova/config';
import type { Logger } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { PeriodicTask } from '@kilonova/util';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { schedulerSection } from '../config.js';
import { SchedulingWorld } from './world.port.js';

/** Keeps what the scheduler knows of hosts and aggregates current, whether anybody asks for hosts or not. */
@Injectable()
export class PictureKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #task: PeriodicTask;

  constructor(world: SchedulingWorld, config: Config, @Inject(LOGGER) logger: Logger) {
    const { pictureRefreshSeconds } = config.get(schedulerSection);
    this.#task = new PeriodicTask(
      pictureRefreshSeconds * 1000,
      () => world.refresh(),
      (error) => logger.warn({ err: error }, 'what is known of hosts could not be refreshed'),
    );
  }

  onApplicationBootstrap(): void {
    this.#task.start(0);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#task.stop();
  }
}
