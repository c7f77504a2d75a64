import { malformed, overLimit, readOnly } from './errors.js';
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

const tags: Check = (value) =>
  Array.isArray(value) && value.every((tag) => typeof tag === 'string' && tag.length > 0 && tag.length <= 255)
    ? undefined
    : 'must be a list of texts of 1 to 255 characters';

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

const MAX_TAGS = 128;
const MAX_PROPERTIES = 128;
const MAX_NAME_CHARS = 255;
const MAX_VALUE_CHARS = 4_096;
/** Of all names and values together. */
const MAX_PROPERTY_CHARS = 65_536;

export const isWritable = (name: string): boolean => Object.hasOwn(WRITABLE, name);

const freeAttribute: Check = (value) =>
  typeof value === 'string' && value.length <= MAX_VALUE_CHARS
    ? undefined
    : `must be text of at most ${MAX_VALUE_CHARS} characters`;

/** @throws AppError forbidden for an attribute of the service's own, invalid-input for a name or value that does not fit */
export function checkAttribute(name: string, value: unknown): void {
  if (READ_ONLY.has(name) || name === 'id') throw readOnly(name);
  if (name.length > MAX_NAME_CHARS) throw malformed(`Names of properties have at most ${MAX_NAME_CHARS} characters`);
  const fault = (Object.hasOwn(WRITABLE, name) ? (WRITABLE[name] as Check) : freeAttribute)(value);
  if (fault !== undefined) throw malformed(`Provided object does not match schema 'image': ${name} ${fault}`);
}

/** `image` with these tags. @throws AppError quota (413) */
function withTags(image: Image, given: readonly string[]): Image {
  const tags = [...new Set(given)];
  if (tags.length > MAX_TAGS)
    throw overLimit(
      `The limit has been exceeded on the number of allowed image tags. Attempted: ${tags.length}, Maximum: ${MAX_TAGS}`,
    );
  return { ...image, tags };
}

/** Characters of an image's free attributes. */
export const propertyChars = (image: Image): number =>
  Object.entries(image.properties).reduce((sum, [name, value]) => sum + name.length + value.length, 0);

/** `image` with one attribute set, checked. @throws AppError as `checkAttribute`, and quota (413) */
export function withAttribute(image: Image, name: string, value: unknown): Image {
  checkAttribute(name, value);
  if (name === 'tags') return withTags(image, value as string[]);
  if (isWritable(name)) return { ...image, [name]: value };
  const after = { ...image, properties: { ...image.properties, [name]: value as string } };
  const count = Object.keys(after.properties).length;
  if (count > MAX_PROPERTIES)
    throw overLimit(
      `The limit has been exceeded on the number of allowed image properties. Attempted: ${count}, Maximum: ${MAX_PROPERTIES}`,
    );
  if (propertyChars(after) > MAX_PROPERTY_CHARS)
    throw overLimit(`The properties of an image have at most ${MAX_PROPERTY_CHARS} characters together`);
  return after;
}
