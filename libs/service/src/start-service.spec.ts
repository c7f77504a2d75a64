import { randomUUID } from 'node:crypto';
import { healthSection, loadConfig, logSection } from '@kilonova/config';
import { createMessageBus, Handles } from '@kilonova/messaging';
import { HealthChecks } from '@kilonova/observability';
import { eventually } from '@kilonova/testing';
import { type CallMessage, systemCtx } from '@kilonova/util';
import { Controller, Injectable, Module } from '@nestjs/common';
import { beforeEach, expect, it } from 'vitest';
import type { ServiceDefinition } from './service-definition.js';
import { startService } from './start-service.js';

const wait = { kind: 'call', name: 'wait', version: '1.0', topic: 'scheduler', level: 'api', args: {} } as CallMessage<
  unknown,
  boolean,
  'scheduler'
>;
let seen: string[];
let letGo: () => void;
let failsAt: string;
let url: string;

/** Notes each hook that it is called by. */
@Injectable()
class Witness {
  constructor(private readonly checks: HealthChecks) {}

  async onModuleInit(): Promise<void> {
    await this.#note('onModuleInit');
  }
  async onApplicationBootstrap(): Promise<void> {
    await this.#note('onApplicationBootstrap');
  }
  async onModuleDestroy(): Promise<void> {
    const { ready } = await this.checks.report();
    await this.#note(`onModuleDestroy ${ready ? 'ready' : 'not ready'}`);
  }
  async beforeApplicationShutdown(): Promise<void> {
    await this.#note('beforeApplicationShutdown');
  }
  async onApplicationShutdown(): Promise<void> {
    await this.#note('onApplicationShutdown');
  }

  async #note(hook: string): Promise<void> {
    seen.push(hook);
    if (hook === failsAt) throw new Error(`${hook} failed`);
  }
}

@Controller()
class WaitHandler {
  @Handles(wait)
  async wait(): Promise<boolean> {
    seen.push('handler begins');
    await new Promise<void>((resolve) => {
      letGo = resolve;
    });
    seen.push('handler ends');
    return true;
  }
}

@Module({ controllers: [WaitHandler], providers: [Witness] })
class WitnessModule {}

const service = (): ServiceDefinition => ({
  name: 'witness',
  sections: [logSection, healthSection],
  bus: () => ({ url, cell: 'api', topic: 'scheduler', prefetch: 1 }),
  module: WitnessModule,
});
const start = () =>
  startService(service(), {
    config: loadConfig({ sections: service().sections, env: {}, defaults: { log: { level: 'silent' } } }),
  });

beforeEach(() => {
  [seen, failsAt, url] = [[], '', `memory://service-${randomUUID()}`];
});

it('ends in order: work under way before other hooks, connections last', async () => {
  const running = await start();
  expect([running.ready(), seen]).toEqual([true, ['onModuleInit', 'onApplicationBootstrap']]);
  const bus = createMessageBus({ url, cell: 'api' });
  const called = bus.call(systemCtx(), wait, { topic: 'scheduler' }, {});
  await eventually(() => expect(seen).toContain('handler begins'));
  const closed = running.close();
  await eventually(() => expect(running.ready()).toBe(false));
  letGo();
  expect(await called).toBe(true);
  await Promise.all([closed, bus.close()]);
  expect(seen.slice(2)).toEqual([
    'handler begins',
    'handler ends',
    'onModuleDestroy not ready',
    'beforeApplicationShutdown',
    'onApplicationShutdown',
  ]);
});

it('closes what it opened when a hook fails, and says why', async () => {
  failsAt = 'onApplicationBootstrap';
  await expect(start()).rejects.toThrow('onApplicationBootstrap failed');
  expect(seen.at(-1)).toBe('onApplicationShutdown');
});
