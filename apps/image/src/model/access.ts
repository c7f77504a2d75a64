import type { Principal } from '@kilonova/util';
import type { Image } from './image.js';

/** True when the caller may know of the image. A shared one is its owner's: sharing with members is not offered. */
export const visibleTo = (image: Image, principal: Principal): boolean =>
  principal.isAdmin || image.visibility === 'public' || image.visibility === 'community' || owns(image, principal);

/** What Nova calls an image that a server became, or is to become. */
const SNAPSHOT_TYPES: readonly unknown[] = ['snapshot', 'backup'];

export const isSnapshot = ({ properties }: Image): boolean =>
  SNAPSHOT_TYPES.includes(properties['image_type']) && properties['instance_uuid'] !== undefined;

export const owns = (image: Image, principal: Principal): boolean =>
  principal.projectId !== undefined && image.owner === principal.projectId;
