// The scheduler: chooses hosts for instances and claims them in placement. The rules are pure (`model/`); the request
// is one use case (`service/select-destinations.service.ts`); cells and API database are only read.
export { schedulerSections } from './config.js';
export { SCHEDULER_HANDLERS } from './rpc/handlers.js';
export { type RunningScheduler, startScheduler } from './start-scheduler.js';
