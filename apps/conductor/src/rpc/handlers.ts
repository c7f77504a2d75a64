import { ActionEventHandler } from './action-event.handler.js';
import { BootHandler } from './boot.handler.js';
import { BuildHandler } from './build.handler.js';
import { HostHandler } from './host.handler.js';
import { InstanceHandler } from './instance.handler.js';
import { ServiceHandler } from './service.handler.js';

/** What each role of the conductor takes messages with. */
export const CONDUCTOR_HANDLERS = {
  super: [BootHandler, ServiceHandler],
  cell: [BuildHandler, InstanceHandler, ActionEventHandler, HostHandler],
};
