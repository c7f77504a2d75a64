// The scheduler: chooses hosts for instances and claims them in placement. The rules are pure (`model/`); the request
// is one use case (`selection/select-destinations.service.ts`); cells and API database are only read (`world/`).
export { schedulerSections } from './config.js';
export { SCHEDULER_HANDLERS } from './handlers.js';
export { FILTERS } from './model/filters/index.js';
export { WEIGHERS } from './model/weighers/index.js';
export { scheduler } from './scheduler.service.js';
