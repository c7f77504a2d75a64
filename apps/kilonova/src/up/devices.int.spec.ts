import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePortBase } from '@kilonova/local-servers';
import { eventually, useDatabase } from '@kilonova/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cloud } from './cloud.js';
import { CloudClient } from './cloud-client.js';
import { Progress } from './progress.js';
import { StateDir } from './state-dir.js';
import { UP_DEFAULTS } from './up-options.js';

const database = useDatabase();

interface Server {
  readonly id: string;
  readonly status: string;
  readonly addresses: Readonly<Record<string, ReadonlyArray<{ readonly addr: string }>>>;
  readonly 'os-extended-volumes:volumes_attached': ReadonlyArray<{ readonly id: string }>;
}

describe('volumes and networks of a cloud in one process', () => {
  const state = StateDir.create(mkdtempSync(join(tmpdir(), 'devices-')));
  let cloud: Cloud;
  let client: CloudClient;
  let image: string;

  beforeAll(async () => {
    const options = {
      ...UP_DEFAULTS,
      cells: 1,
      hosts: 1,
      portBase: await freePortBase(),
      postgres: database.url,
      databasePrefix: `devices_${process.pid}_${Date.now()}`,
      networks: ['blue=10.0.0'],
      logLevel: 'error',
      proof: false,
    };
    cloud = new Cloud(options, state, new Progress(() => undefined));
    await cloud.start();
    client = new CloudClient(cloud.layout.endpoints, state.secret('admin-password'));
    const { body } = await client.ask<{ images: Array<{ id: string }> }>('GET', `${cloud.layout.endpoints.image}/v2/images`);
    image = body.images[0]?.id ?? '';
  }, 120_000);

  afterAll(async () => {
    await cloud?.stop();
    rmSync(state.root, { recursive: true, force: true });
  }, 60_000);

  const at = (path: string): string => `${cloud.layout.endpoints.compute}/servers${path}`;
  const shown = async (id: string): Promise<Server> => (await client.ask<{ server: Server }>('GET', at(`/${id}`))).body.server;

  async function booted(server: object): Promise<Server> {
    const { body } = await client.ask<{ server: { id: string } }>('POST', at(''), {
      server: { name: 's', flavorRef: '1', networks: 'auto', ...server },
    });
    await eventually(async () => expect((await shown(body.server.id)).status).toBe('ACTIVE'));
    return shown(body.server.id);
  }

  async function gone(id: string): Promise<void> {
    await client.ask('DELETE', at(`/${id}`));
    await eventually(async () => expect((await client.ask('GET', at(`/${id}`))).status).toBe(404));
  }

  it('outlive a server, or go with it', async () => {
    const volume = { destination_type: 'volume', volume_size: 1 };
    const first = await booted({
      block_device_mapping_v2: [
        { ...volume, source_type: 'image', uuid: image, boot_index: 0, delete_on_termination: true },
        { ...volume, source_type: 'blank' },
      ],
    });
    expect(first.addresses['blue']?.[0]?.addr).toMatch(/^10\.0\.0\.\d+$/);
    const [root, data] = first['os-extended-volumes:volumes_attached'];
    await gone(first.id);
    const second = await booted({ imageRef: image });
    const attach = (volumeId = '') =>
      client.ask('POST', at(`/${second.id}/os-volume_attachments`), { volumeAttachment: { volumeId } });
    expect([(await attach(root?.id)).status, (await attach(data?.id)).status]).toEqual([404, 200]);
    const detach = () => client.ask('DELETE', at(`/${second.id}/os-volume_attachments/${data?.id}`));
    await eventually(async () => expect((await detach().catch(() => undefined))?.status).toBe(202));
    await eventually(async () => expect((await shown(second.id))['os-extended-volumes:volumes_attached']).toEqual([]));
    await gone(second.id);
  });
});
