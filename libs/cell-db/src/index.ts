// A cell's database: instances, their actions, hosts and builds, one statement per change; and the registry that gives
// each process a handle per cell, with a breaker and a deadline, so that a cell that is down costs nothing elsewhere.
export * from './action/instance-action.entity.js';
export * from './action/instance-action.repository.js';
export * from './compute-node/compute-node.entity.js';
export * from './compute-node/compute-node.repository.js';
export * from './group-placement/group-placement.repository.js';
export * from './instance/archive.repository.js';
export * from './instance/instance.columns.js';
export * from './instance/instance.entity.js';
export * from './instance/instance.mapper.js';
export * from './instance/instance.repository.js';
export * from './migration/migration.repository.js';
export * from './operation/index.js';
export * from './registry/cell.js';
export * from './registry/cell-failure.js';
export * from './registry/cell-mapping.port.js';
export * from './registry/cell-registry.js';
export * from './registry/cell-relays.js';
export * from './registry/connection-url.js';
export * from './registry/connections.js';
export * from './service/service.entity.js';
export * from './service/service.repository.js';
export * from './store/cell-migrations.js';
export * from './store/iso-time.js';
