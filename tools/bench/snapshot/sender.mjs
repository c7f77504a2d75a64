// What an agent does of a snapshot: the simulated driver's disk, sent to an image that waits for it.
import { imageTransport } from '@kilonova/identity-client';
import { ImageClient } from '@kilonova/image-client';
import { DEFAULT_BEHAVIOUR, FakeDriver } from '@kilonova/virt';

const [url, bytes] = [process.argv[2], Number(process.argv[3])];
const never = new AbortController().signal;
const ctx = { requestId: 'req-bench' };
const instance = { uuid: '11111111-1111-4111-8111-111111111111' };
const session = { token: () => Promise.resolve('t'), endpoint: () => Promise.resolve(url), discard: () => undefined };
const images = new ImageClient(imageTransport(session, url));
const size = { vcpus: 1, memoryMb: 1, diskGb: 1 };
const driver = new FakeDriver('h', size, () => ({ ...DEFAULT_BEHAVIOUR, snapshotBytes: bytes }));
await driver.spawn({ instance, image: null, admin_password: null }, never);
const properties = { image_type: 'snapshot', instance_uuid: instance.uuid };
const image = await images.asSelf().create(ctx, { name: 'snap', disk_format: 'raw', container_format: 'bare', properties });
process.send?.({ ready: true });
const outcome = await images.data.upload(ctx, image.id, await driver.snapshot(instance.uuid, 'raw', never));
process.send?.({ outcome });
await images.close();
process.disconnect?.();
