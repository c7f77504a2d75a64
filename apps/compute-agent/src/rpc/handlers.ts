import { HostHandler } from './host.handler.js';
import { InstanceHandler } from './instance.handler.js';

/** What an agent takes messages with. */
export const AGENT_HANDLERS = [InstanceHandler, HostHandler];
