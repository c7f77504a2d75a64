import { AGENT_HANDLERS } from '@kilonova/compute-agent';
import { messages } from '@kilonova/compute-objects';
import { CONDUCTOR_HANDLERS } from '@kilonova/conductor';
import { SCHEDULER_HANDLERS } from '@kilonova/scheduler';
import type { MessageInfo, MessageLevel, ServiceTopic } from '@kilonova/util';
import type { Type } from '@nestjs/common';

/** One kind of process on the bus: where it listens, and with what. */
export interface ServiceRole {
  readonly name: string;
  readonly level: MessageLevel;
  readonly topic: ServiceTopic;
  readonly handlers: ReadonlyArray<Type<unknown>>;
}

export const SERVICE_ROLES: readonly ServiceRole[] = [
  { name: 'super conductor', level: 'api', topic: 'conductor', handlers: CONDUCTOR_HANDLERS.super },
  { name: 'scheduler', level: 'api', topic: 'scheduler', handlers: SCHEDULER_HANDLERS },
  { name: 'cell conductor', level: 'cell', topic: 'conductor', handlers: CONDUCTOR_HANDLERS.cell },
  { name: 'agent', level: 'cell', topic: 'compute', handlers: AGENT_HANDLERS },
];

export const MESSAGES: readonly MessageInfo[] = Object.values(messages);

export const messagesOf = ({ level, topic }: ServiceRole, catalogue = MESSAGES): MessageInfo[] =>
  catalogue.filter((message) => message.level === level && message.topic === topic);
