import { forbidden } from '@kilonova/util';
import { absentProperty, malformed } from './errors.js';
import { checkAttribute, isWritable, withAttribute } from './fields.js';
import type { Image } from './image.js';

/** One operation of `application/openstack-images-v2.1-json-patch`. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

/** The same of `application/openstack-images-v2.0-json-patch`: the operation's name is the key of its path. */
export interface OldPatchOperation {
  readonly add?: string;
  readonly replace?: string;
  readonly remove?: string;
  readonly value?: unknown;
}

/** Either form as the newer one. */
export function operationOf(given: PatchOperation | OldPatchOperation): PatchOperation {
  if ('op' in given) return given;
  const op = (['add', 'replace', 'remove'] as const).find((name) => given[name] !== undefined) ?? 'add';
  return { op, path: given[op] ?? '', value: given.value };
}

const attributeOf = (path: string): string => {
  const name = path.startsWith('/') ? path.slice(1) : '';
  if (name === '' || name.includes('/')) throw malformed(`Invalid JSON pointer for this resource: '${path}'`);
  return name.replaceAll('~1', '/').replaceAll('~0', '~');
};

const FIXED_ONCE_FILLED = new Set(['disk_format', 'container_format']);

/** The image after one operation. @throws AppError invalid-input, forbidden, conflict */
export function patchImage(image: Image, operation: PatchOperation): Image {
  const name = attributeOf(operation.path);
  if (operation.op === 'remove') return withoutAttribute(image, name);
  if (operation.op === 'replace' && !isWritable(name) && !Object.hasOwn(image.properties, name)) {
    checkAttribute(name, operation.value);
    throw absentProperty(name);
  }
  if (FIXED_ONCE_FILLED.has(name) && image.status !== 'queued') {
    throw forbidden('image.attribute.fixed', `Attribute ${name} can be only replaced for a queued image.`);
  }
  return withAttribute(image, name, operation.value);
}

function withoutAttribute(image: Image, name: string): Image {
  if (isWritable(name)) throw forbidden('image.attribute.required', `Property ${name} may not be removed.`);
  checkAttribute(name, '');
  if (!Object.hasOwn(image.properties, name)) throw absentProperty(name);
  const { [name]: _removed, ...properties } = image.properties;
  return { ...image, properties };
}
