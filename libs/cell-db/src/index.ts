// A cell's database: instances, their actions, hosts and operations, one statement per change.
export * from './action/instance-action.entity.js';
export * from './action/instance-action.repository.js';
export * from './block-device/block-device.repository.js';
export { devicesOf } from './block-device/block-device.statements.js';
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
export * from './service/service.entity.js';
export * from './service/service.repository.js';
export * from './store/cell-migrations.js';
export * from './store/iso-time.js';
