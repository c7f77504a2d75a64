import { absentProperty, malformed } from './errors.js';
import { forbidden } from '@kilonova/util';
import { checkAttribute, isWritable, withAttribute } from './fields.js';
import type { Image } from './image.js';

/** One operation of `application/openstack-images-v2.1-json-patch`. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
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
