// The API level's database: cells and who lives where, requests that no cell has yet, what users define. Repositories
// by noun, each method one statement, run on the connection or transaction that they are passed.
export * from './aggregate/aggregate.repository.js';
export * from './boot/boot.repository.js';
export * from './build-request/build-request.repository.js';
export * from './cell-mapping/cell-mapping.repository.js';
export * from './departure/departure.repository.js';
export * from './flavor/flavor.repository.js';
export * from './host-mapping/host-mapping.repository.js';
export * from './instance-group-member/instance-group-member.repository.js';
export * from './instance-mapping/instance-mapping.repository.js';
export * from './key-pair/key-pair.repository.js';
export * from './quota/quota-ledger.repository.js';
export * from './quota/quota-limit.repository.js';
export * from './request-spec/request-spec.repository.js';
export * from './scheduling-record/scheduling-record.repository.js';
export * from './server-group/server-group.repository.js';
export * from './store/api-database.js';
export * from './store/api-database.section.js';
export * from './store/api-migrations.js';
