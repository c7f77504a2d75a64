// The image service as compute uses it: metadata with a few seconds' memory, snapshots' creation, data as streams. What a
// caller may see is decided here, as requests carry the service's own token; `asCaller` passes on the caller's own instead.
export * from './caller-images.js';
export * from './image.js';
export * from './image-client.js';
export * from './image-data.client.js';
export * from './image-transport.js';
export * from './nest/image.module.js';
export * from './nest/image.section.js';
