import type { ImageInfo } from '@kilonova/image-client';
import { type AppError, invalid } from '@kilonova/util';

const SHOWN: Readonly<Record<string, string>> = {
  active: 'ACTIVE',
  queued: 'SAVING',
  saving: 'SAVING',
  importing: 'SAVING',
  deleted: 'DELETED',
  pending_delete: 'DELETED',
  killed: 'ERROR',
};

/** An image's status in the words of this API. */
export const imageStatus = (status: string): string => SHOWN[status] ?? 'UNKNOWN';

const PROGRESS: Readonly<Record<string, number>> = { queued: 25, saving: 50, active: 100 };

/** How far an image is, in percent. */
export const imageProgress = (status: string): number => PROGRESS[status] ?? 0;

/** Filters of the image list: `name`, `status`, `minRam`, `minDisk`, `type`, `server`, `changes-since`, `property-<name>`. @throws AppError 400 */
export function imageMatcher(query: URLSearchParams): (image: ImageInfo) => boolean {
  const tests: Array<(image: ImageInfo) => boolean> = [];
  const text = (name: string, test: (image: ImageInfo, value: string) => boolean): void => {
    const value = query.get(name);
    if (value !== null) tests.push((image) => test(image, value));
  };
  text('name', (image, name) => image.name === name);
  text('status', (image, status) => imageStatus(image.status) === status.toUpperCase());
  text('minRam', (image, ram) => image.min_ram === Number(ram));
  text('minDisk', (image, disk) => image.min_disk === Number(disk));
  text('type', (image, type) => image.properties['image_type'] === type);
  text('server', (image, server) => image.properties['instance_uuid'] === server.split('/').at(-1));
  const since = query.get('changes-since');
  if (since !== null) {
    const from = Date.parse(since);
    if (Number.isNaN(from)) throw bad('Invalid changes-since value');
    tests.push((image) => Date.parse(image.updated_at ?? image.created_at ?? '') >= from);
  }
  for (const [key, value] of query) {
    if (key.startsWith('property-')) tests.push((image) => image.properties[key.slice('property-'.length)] === value);
  }
  return (image) => tests.every((test) => test(image));
}

/** The images behind a marker. @throws AppError 400 for one that is not there */
export function pageOf(images: readonly ImageInfo[], limit: number, marker: string | undefined): readonly ImageInfo[] {
  if (marker === undefined) return images.slice(0, limit);
  const index = images.findIndex(({ id }) => id === marker);
  if (index < 0) throw bad(`marker [${marker}] not found`);
  return images.slice(index + 1, index + 1 + limit);
}

const bad = (message: string): AppError => invalid('compute.images.query_invalid', message);
