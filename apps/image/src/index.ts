// The image companion: Glance v2 as far as a cloud on one machine needs it — images with free attributes, their data on
// disk, visibility and owners. Production points at a real Glance instead.
import 'reflect-metadata';

export { type ImageConfig, imageSection, imageSections } from './image.config.js';
export { type ImageExtras, type RunningImage, startImage } from './start-image.js';
