// Volumes as compute uses them: found and made in a user's name, reserved, connected and released in the service's own.
// `VolumeService` is the port; Cinder v3 behind it, or a map in memory.
export * from './cinder/cinder-transport.js';
export * from './cinder/cinder-volumes.js';
export * from './end-volumes.js';
export * from './memory/memory-volumes.js';
export * from './no-volumes.js';
export * from './open-volumes.js';
export * from './user-volumes.port.js';
export * from './volume.js';
export * from './volume.section.js';
export * from './volume-service.port.js';
