import type { Instance } from '@kilonova/compute-objects';

/** Whether a server runs from a volume: it has no image of its own then. */
export const isOnVolumes = ({ image_ref: image }: Pick<Instance, 'image_ref'>): boolean => image === null || image === '';
