import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { loadConfig } from '@kilonova/config';
import type { Authenticate } from '@kilonova/http';
import { imageTransport, keystoneSection, type ServiceSession } from '@kilonova/identity-client';
import { imageSection, type RunningImage, startImage } from '@kilonova/image';
import { ImageClient } from '@kilonova/image-client';
import { createLogger } from '@kilonova/observability';
import { newRequestId } from '@kilonova/util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MB = 1024 * 1024;
/** What flows. */
const SNAPSHOT_BYTES = 192 * MB;
/** What may be there of it at once: V8 collects what was read from sockets when about 64 MB of it have gathered. */
const HELD_BYTES = 96 * MB;

/** The token is `role:project`. */
const authenticate: Authenticate = (headers) => {
  const [role = '', projectId = ''] = String(headers['x-auth-token']).split(':');
  return Promise.resolve({ userId: role, projectId, roles: [role], isAdmin: role === 'admin' });
};
const agent: ServiceSession = {
  token: () => Promise.resolve('service:hosts'),
  endpoint: () => Promise.reject(new Error('the catalog was asked')),
  discard: () => undefined,
};

const PIECE = Buffer.alloc(64 * 1024);
function* zeros(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= PIECE.length) yield PIECE;
}

describe('a snapshot on its way to the image service', () => {
  const folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
  const ctx = { requestId: newRequestId() };
  let service: RunningImage;
  let images: ImageClient;

  beforeAll(async () => {
    const settings = loadConfig({
      sections: [imageSection, keystoneSection],
      env: {},
      flags: { image: { port: 0, stateDir: folder } },
    });
    service = await startImage(
      { image: settings.get(imageSection), keystone: settings.get(keystoneSection) },
      { authenticate, logger: createLogger({ name: 'image', level: 'silent' }) },
    );
    images = new ImageClient(imageTransport(agent, service.url));
  });
  afterAll(async () => {
    await images.close();
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is never held whole, neither by who sends it nor by who stores it', async () => {
    const image = await images.asCaller('member:p').create(ctx, {
      name: 'snap',
      disk_format: 'raw',
      container_format: 'bare',
      properties: { image_type: 'snapshot', instance_uuid: '11111111-1111-4111-8111-111111111111' },
    });
    const held = () => process.memoryUsage().arrayBuffers;
    const before = held();
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, held() - before);
    }, 5);
    const outcome = await images.data.upload(ctx, image.id, Readable.from(zeros(SNAPSHOT_BYTES), { objectMode: false }));
    clearInterval(watch);
    expect(outcome).toBe('stored');
    expect(await images.asCaller('member:p').get(ctx, image.id)).toMatchObject({ status: 'active', size: SNAPSHOT_BYTES });
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(HELD_BYTES);
  }, 120_000);
});
