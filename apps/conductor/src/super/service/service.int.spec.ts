import { ServiceRepository } from '@kilonova/cell-db';
import { messages } from '@kilonova/compute-objects';
import { type CallMessage, systemCtx } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';

const cloud = useCloud();

describe('a service of the API level', () => {
  it('reports and beats through the super conductor', async () => {
    await cloud.conductor('super', { 'conductor.host': 'super1' });
    const call = <Args, Result>(message: CallMessage<Args, Result, 'conductor'>, args: NoInfer<Args>) =>
      cloud.apiBus.call(systemCtx(), message, { topic: 'conductor' }, args);
    expect(await call(messages.serviceHeartbeat, { binary: 'nova-scheduler', hosts: ['s1'] })).toEqual({ hosts: [], stale: [] });
    expect(
      await call(messages.reportService, { host: 's1', binary: 'nova-scheduler', topic: 'scheduler', version: 1 }),
    ).toMatchObject({
      host: 's1',
      binary: 'nova-scheduler',
    });
    expect(await call(messages.serviceHeartbeat, { binary: 'nova-scheduler', hosts: ['s1'] })).toEqual({
      hosts: [{ host: 's1', disabled: false }],
      stale: [],
    });
    expect((await new ServiceRepository().list(cloud.api)).map((service) => service.binary).sort()).toEqual([
      'nova-conductor',
      'nova-scheduler',
    ]);
  });
});
