import { handlersOf } from '@kilonova/service';
import { SchedulerModule } from './scheduler.module.js';

/** What the scheduler takes messages with. */
export const SCHEDULER_HANDLERS = handlersOf(SchedulerModule);
