import {
  type SelectDestinations as Args,
  messages,
  type RequestSpec,
  type SelectDestinationsResult,
} from '@kilonova/compute-objects';
import { aRequestSpec, messageSamples } from '@kilonova/compute-samples';
import { BusTransport, createBusApp, createMessageBus, RpcContext } from '@kilonova/messaging';
import { NotificationEmitter } from '@kilonova/notifications';
import { LOGGER } from '@kilonova/service';
import { eventually } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { Module } from '@nestjs/common';
import { beforeEach, expect, it } from 'vitest';
import { HOST_NAME } from '../tokens.js';
import { SelectDestinationsHandler } from './select-destinations.handler.js';
import { SelectDestinations } from './select-destinations.service.js';

const sent: string[] = [];
const failed: string[] = [];
beforeEach(() => {
  sent.length = failed.length = 0;
});

const emitter = new NotificationEmitter(
  { notify: async ({ eventType }: { eventType: string }) => void sent.push(eventType) } as never,
  {
    format: 'versioned',
    versionedTopics: ['v'],
    legacyTopics: [],
    onFailure: (_error, eventType) => void failed.push(eventType),
  },
);
const found: SelectDestinationsResult = { outcome: 'selected', selections: [[]] };
const select = { run: async () => found } as unknown as SelectDestinations;
const logger = { info: () => undefined } as never;
const handler = new SelectDestinationsHandler(select, emitter, 'h', logger);
const rpc = { delivery: { ctx: systemCtx() } } as unknown as RpcContext;

const args = (request_spec: RequestSpec): Args => ({ request_spec, instance_uuids: [], return_alternates: false });

it('tells of the beginning and the end', async () => {
  await handler.selectDestinations(args(aRequestSpec('i')), rpc);
  await eventually(() => expect(sent).toEqual(['scheduler.select_destinations.start', 'scheduler.select_destinations.end']));
});

it('M2: an event that cannot be made costs neither the request nor the process', async () => {
  expect(await handler.selectDestinations(args(undefined as unknown as RequestSpec), rpc)).toEqual(found);
  await eventually(() => expect(failed).toEqual(['scheduler.select_destinations.start', 'scheduler.select_destinations.end']));
});

@Module({})
class TestModule {}

it('M2: select_destinations without a request spec is refused, and the next is answered', async () => {
  const common = { url: 'memory://scheduler-poison', cell: 'api' };
  const transport = new BusTransport({ ...common, topic: 'scheduler', prefetch: 1 });
  const providers = [
    { provide: SelectDestinations, useValue: select },
    { provide: NotificationEmitter, useValue: emitter },
    { provide: HOST_NAME, useValue: 'h' },
    { provide: LOGGER, useValue: logger },
  ];
  const module = { module: TestModule, controllers: [SelectDestinationsHandler], providers };
  const app = await createBusApp(module, transport, { logger: false });
  const bus = createMessageBus(common);
  await app.listen();
  try {
    const ask = (given: Args) => bus.call(systemCtx(), messages.selectDestinations, { topic: 'scheduler' }, given);
    await expect(ask({ instance_uuids: [] } as unknown as Args)).rejects.toMatchObject({
      code: 'messaging.arguments.invalid',
      details: { paths: [{ path: '/', fault: "must have required property 'request_spec'" }] },
    });
    expect(sent).toEqual([]);
    expect(await ask(messageSamples.selectDestinations)).toEqual(found);
  } finally {
    await bus.close();
    await app.close();
  }
});
