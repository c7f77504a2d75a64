import { randomUUID } from 'node:crypto';
import { AggregateRepository, HostMappingRepository } from '@kilonova/api-db';
import { ServiceRepository } from '@kilonova/cell-db';
import { type CacheImages as Args, messages } from '@kilonova/compute-objects';
import { createBusServer, type ReceivedNotification, subscribeNotifications } from '@kilonova/messaging';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { newRequestId } from '@kilonova/util';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';

const cloud = useCloud();
const [ONE, TWO] = [randomUUID(), randomUUID()];
const ctx = () => ({ requestId: newRequestId() });
let heard: ReceivedNotification[];

beforeEach(() => {
  heard = [];
});

/** An aggregate of h1 and h2, whose agents are up, in cell1, and h3 in cell2, whose agent nobody has heard of. */
async function anAggregate(hosts = ['h1', 'h2', 'h3']): Promise<number> {
  const aggregates = new AggregateRepository();
  const mappings = new HostMappingRepository();
  await mappings.addMany(cloud.api, cloud.cells.cell1.id, ['h1', 'h2']);
  await mappings.addMany(cloud.api, cloud.cells.cell2.id, ['h3']);
  for (const host of ['h1', 'h2'])
    await new ServiceRepository().report(cloud.cell1, { host, binary: 'nova-compute', topic: 'compute', version: 1 });
  const made = await aggregates.create(cloud.api, { uuid: randomUUID(), name: 'fast', zone: 'z' });
  for (const host of hosts) await aggregates.addHost(cloud.api, made?.id ?? 0, host);
  return made?.id ?? 0;
}

async function listen(): Promise<void> {
  const listener = subscribeNotifications(
    { url: cloud.busUrl('api'), topics: ['versioned_notifications'] },
    (notification) => void heard.push(notification),
  );
  onTestFinished(() => listener.close());
  await listener.ready();
}

// biome-ignore lint/suspicious/noExplicitAny: payloads of every shape
const dataOf = ({ payload }: ReceivedNotification): any => (payload as { 'nova_object.data': unknown })['nova_object.data'];
const names = () => heard.map(({ eventType }) => eventType.replace('aggregate.cache_images.', ''));
const asked = () => [...cloud.agents1.told, ...cloud.agents2.told].map(({ host }) => host);

describe('images that an administrator wants on the hosts of an aggregate', () => {
  it('are fetched by those that are up; what became of them is told of each', async () => {
    const id = await anAggregate();
    cloud.agents1.answer = async ({ host }) => (host === 'h1' ? { [ONE]: 'cached', [TWO]: 'existing' } : { [ONE]: 'error' });
    await listen();
    await cloud.conductor('super', { 'conductor.host': 'super1' });
    await cloud.apiBus.cast(ctx(), messages.cacheImages, { topic: 'conductor' }, { aggregate_id: id, image_ids: [ONE, TWO] });
    await eventually(() => expect(names()).toEqual(['start', 'progress', 'progress', 'progress', 'end']));
    expect(cloud.agents1.told).toMatchObject([
      { host: 'h1', method: 'cache_images', args: { host: 'h1', image_ids: [ONE, TWO] } },
      { host: 'h2', method: 'cache_images' },
    ]);
    expect(heard.map(dataOf)).toMatchObject([
      { id, name: 'fast', hosts: ['h1', 'h2', 'h3'], metadata: { availability_zone: 'z' } },
      { id, host: 'h1', images_cached: [ONE, TWO], images_failed: [], index: 1, total: 3 },
      { host: 'h2', images_cached: [], images_failed: [ONE, TWO], index: 2, total: 3 },
      { host: 'h3', images_cached: [], images_failed: [ONE, TWO], index: 3, total: 3 },
      { id },
    ]);
    expect(new Set(heard.map(({ publisherId }) => publisherId))).toEqual(new Set(['nova-conductor:super1']));
  });

  it('are asked for on so many hosts at once as is set', async () => {
    const id = await anAggregate(['h1', 'h2']);
    let [underWay, most] = [0, 0];
    cloud.agents1.answer = async () => {
      most = Math.max(most, ++underWay);
      await eventually(() => expect(most).toBe(2));
      underWay -= 1;
      return {};
    };
    const { cacheImages } = await cloud.parts({ 'conductor.imageCacheHosts': '2' });
    await cacheImages.run(ctx(), { aggregate_id: id, image_ids: [ONE] });
    expect([most, asked().sort()]).toEqual([2, ['h1', 'h2']]);
  });

  it('are asked for by message after message where there are many hosts, each host once', async () => {
    const id = await anAggregate();
    await listen();
    const { cacheImages } = await cloud.parts();
    cloud.agents1.answer = async () => ({});
    const taken: Args[] = [];
    const hurried = createBusServer(
      { url: cloud.busUrl('api'), cell: 'api', topic: 'conductor', prefetch: 1 },
      async (_method, args, { ctx }) => {
        taken.push(args as Args);
        await cacheImages.run(ctx, args as Args, 0);
      },
    );
    onTestFinished(() => hurried.close());
    await hurried.start();
    const args: Args = { aggregate_id: id, image_ids: [ONE] };
    await cloud.apiBus.cast(ctx(), messages.cacheImages, { topic: 'conductor' }, args);
    await eventually(() => expect(names()).toEqual(['start', 'progress', 'progress', 'progress', 'end']));
    expect(asked()).toEqual(['h1', 'h2']);
    expect(taken.map(({ so_far }) => so_far)).toEqual([
      undefined,
      { after: 'h1', asked: 1, total: 3 },
      { after: 'h2', asked: 2, total: 3 },
    ]);
  });

  it('count as failed where an agent does not answer in time', async () => {
    const id = await anAggregate(['h1']);
    let letGo: (value: object) => void = () => undefined;
    cloud.agents1.answer = () =>
      new Promise((resolve) => {
        letGo = resolve;
      });
    await listen();
    const { cacheImages } = await cloud.parts({ 'conductor.imageCacheTimeoutSeconds': '0.2' });
    await cacheImages.run(ctx(), { aggregate_id: id, image_ids: [ONE] });
    await eventually(() => expect(names()).toEqual(['start', 'progress', 'end']));
    letGo({});
    expect(heard.map(dataOf)[1]).toMatchObject({ images_cached: [], images_failed: [ONE] });
  });

  it('are wanted no more when the aggregate is gone', async () => {
    await listen();
    const { cacheImages } = await cloud.parts();
    await cacheImages.run(ctx(), { aggregate_id: 4_711, image_ids: [ONE] });
    expect([asked(), await rows(cloud.api, 'SELECT 1 FROM outbox'), names()]).toEqual([[], [], []]);
  });
});
