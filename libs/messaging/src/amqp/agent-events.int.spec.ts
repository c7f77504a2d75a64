import { randomUUID } from 'node:crypto';
import { eventually, RawClient, useBroker } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { expect, it } from 'vitest';
import { createMessageBus } from '../bus/create-message-bus.js';
import { quietLog } from '../spec-support/quiet-log.js';

const broker = useBroker();

it('the events of a busy host wait for room in its throttle, and none is lost', async () => {
  const bus = createMessageBus({ url: broker.url, cell: 'cell1', host: 'h1', notifyTimeoutMs: 10_000, log: quietLog });
  const event = (n: number) => ({
    topic: 'notifications',
    ctx: systemCtx(),
    messageId: randomUUID(),
    publisherId: 'compute.h1',
    eventType: `e.${n}`,
    priority: 'INFO' as const,
    payload: {},
    timestamp: new Date(),
  });
  const told = await Promise.allSettled(Array.from({ length: 600 }, (_, n) => bus.notify(event(n))));
  expect(told.filter(({ status }) => status === 'rejected')).toEqual([]);
  const reader = await RawClient.connect(broker.url, 'cell1');
  const channel = await reader.channel();
  await eventually(async () => expect(await channel.checkQueue('notifications.info')).toMatchObject({ messageCount: 600 }));
  await reader.close();
  await bus.close();
});
