import type { Principal } from '@kilonova/util';
import type { Image } from './image.js';

/** True when the caller may know of the image. A shared one is its owner's: sharing with members is not offered. */
export const visibleTo = (image: Image, principal: Principal): boolean =>
  principal.isAdmin || image.visibility === 'public' || image.visibility === 'community' || owns(image, principal);

/** Whether it says of which server it is; its type is the owner's to choose. */
export const isSnapshot = ({ properties }: Image): boolean => properties['instance_uuid'] !== undefined;

export const owns = (image: Image, principal: Principal): boolean =>
  principal.projectId !== undefined && image.owner === principal.projectId;
