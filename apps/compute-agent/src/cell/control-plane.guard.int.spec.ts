import { randomUUID } from 'node:crypto';
import { messages } from '@kilonova/compute-objects';
import {
  agentRights,
  agentUser,
  BusTransport,
  controlPlaneRights,
  createBusApp,
  createMessageBus,
  Handles,
  type MessageBus,
  preparedHost,
  preparedTopology,
} from '@kilonova/messaging';
import { eventually, RawClient, useBroker } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { Controller, type INestMicroservice, Module, UseGuards } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ControlPlaneGuard } from './control-plane.guard.js';

const done: string[] = [];
const aTicket = () => ({ operation_uuid: randomUUID(), instance_uuid: randomUUID(), attempt: 1 });

/** What every handler of the agent has in common: its guard. */
@Controller()
@UseGuards(ControlPlaneGuard)
class Orders {
  @Handles(messages.setHostEnabled)
  enable(): boolean {
    done.push('set_host_enabled');
    return true;
  }
  @Handles(messages.terminateInstance)
  terminate(): void {
    done.push('terminate_instance');
  }
}

@Module({ controllers: [Orders] })
class OrdersModule {}

const broker = useBroker();
const [CELL, MINE, OTHER] = ['cell1', `a-${randomUUID().slice(0, 8)}`, `b-${randomUUID().slice(0, 8)}`];
const QUEUE = `${CELL}.compute.${OTHER}`;
let app: INestMicroservice;
let bus: MessageBus;
let attacker: RawClient;
let admin: RawClient;

beforeAll(async () => {
  const controlPlaneUsers = [decodeURIComponent(new URL(broker.url).username)];
  bus = createMessageBus({ url: broker.url, cell: CELL });
  for (const definitions of [preparedTopology(broker.vhost, CELL, 'compute'), preparedHost(broker.vhost, CELL, OTHER)]) {
    await broker.management.loadDefinitions(definitions);
  }
  await bus.cast(systemCtx(), messages.terminateInstance, { topic: 'compute', host: OTHER }, aTicket());
  const url = await broker.user(agentUser(OTHER), agentRights(CELL, OTHER));
  const transport = new BusTransport({
    url,
    cell: CELL,
    topic: 'compute',
    hosts: [OTHER],
    prefetch: 1,
    topology: 'prepared',
    controlPlaneUsers,
  });
  app = await createBusApp(OrdersModule, transport, { logger: false });
  await app.listen();
  // The guard holds by itself: the broker would let no agent send this.
  attacker = await RawClient.connect(await broker.user(agentUser(MINE), controlPlaneRights()), CELL);
  admin = await RawClient.connect(broker.url, CELL);
  await eventually(() => expect(done).toEqual(['terminate_instance']));
});

beforeEach(() => void done.splice(0));

afterAll(async () => {
  await Promise.all([attacker.close(), admin.close(), app.close()]);
  await bus.close();
});

const senders = [
  ['without a user id', {}, 'messaging.sender.missing'],
  ['with its own', { userId: agentUser(MINE) }, 'agent.sender.refused'],
] as const;

it.each(senders)('C3: set_host_enabled of another agent is refused %s', async (_how, properties, code) => {
  expect(await attacker.call(QUEUE, 'set_host_enabled', { host: OTHER, enabled: false }, properties)).toEqual({ code });
  expect(done).toEqual([]);
});

it.each(senders)('C3: terminate_instance of another agent becomes a dead letter %s', async (_how, properties, code) => {
  await attacker.cast(QUEUE, 'terminate_instance', aTicket(), properties);
  const channel = await admin.channel();
  await eventually(async () => {
    const letter = await channel.get(`${CELL}.dead.compute`, { noAck: true });
    expect(letter && letter.properties.headers).toMatchObject({ 'kn-dead-code': code });
  });
  expect(done).toEqual([]);
});

it('C3: the control plane is obeyed', async () => {
  expect(
    await bus.call(systemCtx(), messages.setHostEnabled, { topic: 'compute', host: OTHER }, { host: OTHER, enabled: true }),
  ).toBe(true);
});
