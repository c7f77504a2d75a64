import { BootHandler } from './boot.handler.js';
import { HostHandler } from './host.handler.js';
import { OperationHandler } from './operation.handler.js';
import { RescheduleHandler } from './reschedule.handler.js';
import { ServiceHandler } from './service.handler.js';

/** What each role of the conductor takes messages with. */
export const CONDUCTOR_HANDLERS = {
  super: [BootHandler, ServiceHandler],
  cell: [OperationHandler, RescheduleHandler, HostHandler],
};
