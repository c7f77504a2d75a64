/** The process's `Logger`. */
export const LOGGER = Symbol('LOGGER');
/** The `InstanceNotifier` that speaks for this process. */
export const API_NOTIFIER = Symbol('API_NOTIFIER');
