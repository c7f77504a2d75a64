import { malformed, readOnly } from './errors.js';
import { CONTAINER_FORMATS, DISK_FORMATS, type Image } from './image.js';

type Check = (value: unknown) => string | undefined;

const text =
  (max: number): Check =>
  (value) =>
    value === null || (typeof value === 'string' && value.length <= max)
      ? undefined
      : `must be text of at most ${max} characters`;

const oneOf =
  (values: readonly string[], orNull = true): Check =>
  (value) =>
    (orNull && value === null) || (typeof value === 'string' && values.includes(value))
      ? undefined
      : `must be one of ${values.join(', ')}`;

const whole: Check = (value) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 2_147_483_647 ? undefined : 'must be a whole number';

const bool: Check = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');

const tags: Check = (value) => {
  const fits =
    Array.isArray(value) &&
    value.length <= 128 &&
    value.every((tag) => typeof tag === 'string' && tag.length > 0 && tag.length <= 255);
  return fits ? undefined : 'must be a list of at most 128 texts';
};

/** Attributes that clients set, each with what it may hold. */
const WRITABLE: Readonly<Record<string, Check>> = {
  name: text(255),
  visibility: oneOf(['public', 'community', 'shared', 'private'], false),
  owner: text(255),
  protected: bool,
  os_hidden: bool,
  min_ram: whole,
  min_disk: whole,
  disk_format: oneOf(DISK_FORMATS),
  container_format: oneOf(CONTAINER_FORMATS),
  tags,
};

/** Attributes that the service sets. */
const READ_ONLY: ReadonlySet<string> = new Set([
  'status',
  'size',
  'virtual_size',
  'checksum',
  'os_hash_algo',
  'os_hash_value',
  'created_at',
  'updated_at',
  'self',
  'file',
  'schema',
  'stores',
  'direct_url',
  'locations',
]);

const MAX_PROPERTIES = 128;

export const isWritable = (name: string): boolean => Object.hasOwn(WRITABLE, name);

/** @throws AppError forbidden for an attribute of the service's own, invalid-input for a value that does not fit */
export function checkAttribute(name: string, value: unknown): void {
  if (READ_ONLY.has(name) || name === 'id') throw readOnly(name);
  const fault = Object.hasOwn(WRITABLE, name) ? WRITABLE[name]?.(value) : typeof value === 'string' ? undefined : 'must be text';
  if (fault !== undefined) throw malformed(`Provided object does not match schema 'image': ${name} ${fault}`);
}

/** `image` with one attribute set, checked. */
export function withAttribute(image: Image, name: string, value: unknown): Image {
  checkAttribute(name, value);
  if (name === 'tags') return { ...image, tags: [...new Set(value as string[])] };
  if (isWritable(name)) return { ...image, [name]: value };
  const properties = { ...image.properties, [name]: value as string };
  if (Object.keys(properties).length > MAX_PROPERTIES) throw malformed(`An image has at most ${MAX_PROPERTIES} properties`);
  return { ...image, properties };
}
