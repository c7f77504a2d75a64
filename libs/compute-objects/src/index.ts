// What crosses the bus between the compute services, as plain data, and the rules that belong to it: the instance
// state machine, request specs, selections, the catalogue of messages. Pure: no I/O, no clock.
export * from './block-device.js';
export * from './flavor.js';
export * from './guest.js';
export * from './guest-device.js';
export * from './hardware/index.js';
export * from './host.js';
export * from './image-meta.js';
export * from './image-properties.js';
export * from './instance.js';
export * from './messages/boot.args.js';
export * from './messages/departure.args.js';
export type { ExternalInstanceEvent, ExternalInstanceEvents } from './messages/external-event.messages.js';
export * from './messages/guest.args.js';
export * from './messages/host.args.js';
export type { TendImages } from './messages/image.messages.js';
export * as messages from './messages/index.js';
export * from './messages/move.args.js';
export type { ObservedNetworks, RefreshNetworkInfo, RefreshNetworkInfoResult } from './messages/network.messages.js';
export type { ObservedPower, SyncPowerStates, SyncPowerStatesResult } from './messages/power.messages.js';
export type { StepMessage, StepTicket } from './messages/step-message.js';
export * from './migration.js';
export * from './network-info.js';
export * from './operations/index.js';
export * from './request-spec.js';
export * from './selection.js';
export * from './server-group.js';
export * from './states.js';
