import type { Config, Section } from '@kilonova/config';
import type { BusServerOptions, MessageBusOptions } from '@kilonova/messaging';
import type { DynamicModule, Type } from '@nestjs/common';

/** The broker that a service speaks through, and what it takes from it. */
export type ServiceBus = Omit<BusServerOptions & MessageBusOptions, 'log' | 'observe'>;

/** A service that takes messages, as data: see `startService`. */
export interface ServiceDefinition {
  /** As logs and metrics name it, e.g. `conductor-cell`. */
  readonly name: string;
  /** All that it reads; `log`, `health` among them. */
  readonly sections: readonly Section[];
  readonly bus: (config: Config) => ServiceBus;
  /** Looks at what its options lead to, before anything starts. @throws ConfigError when that is wrong */
  readonly check?: (config: Config) => void;
  /** Handlers and what they need. May inject what `ServiceModule` exports. */
  readonly module: Type<unknown> | DynamicModule;
}
