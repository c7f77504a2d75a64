// Hypervisors behind one port. The agent knows only `VirtDriver`; which driver it gets is configuration.
export * from './capabilities.js';
export * from './fake/fake.driver.js';
export * from './fake/fake-behaviour.js';
export * from './fake/fake-hardware.js';
export * from './fake/guest-memory.js';
export * from './fake/guest-plugs.js';
export * from './guest-volume.js';
export * from './live-migration.port.js';
export * from './provider-tree.js';
export * from './virt-driver.port.js';
