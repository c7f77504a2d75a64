// Networks as compute uses them: found in a user's name, ports made, bound and given back in the service's own.
// `NetworkService` is the port; Neutron v2 behind it, or a map in memory.
export * from './memory/memory-networks.js';
export * from './nest/network.module.js';
export * from './network.js';
export * from './network.section.js';
export * from './network-service.port.js';
export * from './neutron/neutron-networks.js';
export * from './no-networks.js';
export * from './open-networks.js';
export * from './security-group.js';
export * from './security-groups.port.js';
export * from './vif.js';
