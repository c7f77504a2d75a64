import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { type BusServerOptions, BusTransport, createBusApp, createMessageBus, type MessageBus } from '@kilonova/messaging';
import { type INestMicroservice, Module, type Type } from '@nestjs/common';
import type { ServiceRole } from './service-roles.js';

export const HOST = 'h1';
const NEST_HOOK = /^(onModule|onApplication|beforeApplication)/;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

@Module({})
class RoleModule {}

/** What a class asks its container for, by `@Inject` or by type. */
function tokensOf(handler: Type<unknown>): unknown[] {
  const byType: unknown[] = Reflect.getMetadata('design:paramtypes', handler) ?? [];
  const named: ReadonlyArray<{ index: number; param: unknown }> = Reflect.getMetadata('self:paramtypes', handler) ?? [];
  const tokens = [...byType];
  for (const { index, param } of named) tokens[index] = param;
  return tokens;
}

/**
 * The real handlers of a role with their real guards on a bus within the process. What stands behind them only notes that it
 * was used.
 */
export class ServedRole {
  readonly url: string;
  /** What a handler did, member by member; empty: none ran. */
  readonly touched: string[] = [];
  readonly transport: BusTransport;
  readonly bus: MessageBus;
  #app: INestMicroservice | undefined;

  /** @param place where it is served; left out, on a bus within the process, where an agent has `HOST` */
  constructor(
    readonly role: ServiceRole,
    place: Partial<BusServerOptions> = {},
  ) {
    this.url = place.url ?? `memory://${randomUUID()}`;
    const hosts = role.topic === 'compute' ? { hosts: [HOST] } : {};
    const common = { url: this.url, cell: 'c', log: silent };
    const limits = { prefetch: 8, retryDelaysMs: [], drainMs: 100 };
    this.transport = new BusTransport({ ...common, ...hosts, ...limits, topic: role.topic, ...place });
    this.bus = createMessageBus({ ...common, ...(place.cell && { cell: place.cell }) });
  }

  get target(): never {
    const { topic } = this.role;
    return (topic === 'compute' ? { topic, host: HOST } : { topic }) as never;
  }

  async start(): Promise<void> {
    const tokens = new Set(this.role.handlers.flatMap(tokensOf));
    const module = {
      module: RoleModule,
      controllers: [...this.role.handlers],
      providers: [...tokens].map((token) => ({ provide: token as string, useFactory: () => this.#noting() })),
    };
    this.#app = await createBusApp(module, this.transport, { logger: false, abortOnError: false });
    await this.#app.listen();
    this.touched.length = 0;
  }

  async close(): Promise<void> {
    await this.#app?.close();
    await this.bus.close();
  }

  /** Answers every call with nothing, and is no promise. */
  #noting(): object {
    const get = (_target: object, member: string | symbol): unknown => {
      if (member === 'then' || typeof member === 'symbol' || NEST_HOOK.test(member)) return undefined;
      return async () => void this.touched.push(member);
    };
    return new Proxy({}, { get });
  }
}
