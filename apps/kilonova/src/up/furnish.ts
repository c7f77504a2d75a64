import { notFound } from '@kilonova/util';
import type { CloudClient } from './cloud-client.js';

/** What every cloud starts with; ids are those that clients and test suites expect. */
const FLAVORS = [
  { id: '1', name: 'm1.tiny', ram: 512, vcpus: 1, disk: 1 },
  { id: '2', name: 'm1.small', ram: 2048, vcpus: 1, disk: 20 },
  { id: '3', name: 'm1.medium', ram: 4096, vcpus: 2, disk: 40 },
  { id: '4', name: 'm1.large', ram: 8192, vcpus: 4, disk: 80 },
  { id: '5', name: 'm1.xlarge', ram: 16_384, vcpus: 8, disk: 160 },
];

const IMAGES = ['cirros', 'cirros-alt'];

/** A boot sector's worth of zeros: simulated hosts do not look inside. */
const IMAGE_BYTES = '\0'.repeat(512);

/** Makes the flavors and images that are missing. */
export async function furnish(cloud: CloudClient): Promise<void> {
  for (const flavor of FLAVORS) await cloud.ask('POST', `${cloud.endpoints.compute}/flavors`, { flavor });
  for (const name of IMAGES) await ensureImage(cloud, name);
}

async function ensureImage(cloud: CloudClient, name: string): Promise<void> {
  if ((await ownImage(cloud, name)) !== undefined) return;
  const images = `${cloud.endpoints.image}/v2/images`;
  const created = await cloud.ask<{ id: string }>('POST', images, {
    name,
    disk_format: 'raw',
    container_format: 'bare',
    visibility: 'public',
  });
  await cloud.ask('PUT', `${images}/${created.body.id}/file`, IMAGE_BYTES, { 'content-type': 'application/octet-stream' });
}

/** An administrator sees everybody's images: one of a tenant that has the same name is never taken. */
async function ownImage(cloud: CloudClient, name: string): Promise<string | undefined> {
  const query = new URLSearchParams({ name, visibility: 'public', owner: await cloud.projectId(), status: 'active' });
  const { body } = await cloud.ask<{ images: Array<{ id: string }> }>('GET', `${cloud.endpoints.image}/v2/images?${query}`);
  return body.images[0]?.id;
}

/** The id of the image that proofs boot from. @throws AppError when it is gone. */
export async function imageId(cloud: CloudClient): Promise<string> {
  const [name = ''] = IMAGES;
  const id = await ownImage(cloud, name);
  if (id === undefined) throw notFound('kilonova.up.image', `there is no public image ${name} of the project admin`);
  return id;
}
