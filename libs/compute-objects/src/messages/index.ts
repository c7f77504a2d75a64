// The catalogue: every message of the bus, and nothing else. docs/messages.md tells how one is added.
export * from './boot.messages.js';
export * from './departure.messages.js';
export { externalInstanceEvent } from './external-event.messages.js';
export * from './guest.messages.js';
export * from './guest-device.messages.js';
export * from './host.messages.js';
export { cacheImages, cacheImagesOnHost, tendImages } from './image.messages.js';
export * from './live-migration.messages.js';
export * from './move.messages.js';
export { refreshNetworkInfo } from './network.messages.js';
export {
  advanceStep,
  finishEvacuations,
  finishStep,
  hostWork,
  instancesOnHost,
  rescheduleBuild,
  takeStep,
} from './operation.messages.js';
export { syncPowerStates } from './power.messages.js';
export * from './step.messages.js';
