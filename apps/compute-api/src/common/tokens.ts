/** The process's `Logger`. */
export const LOGGER = Symbol('LOGGER');
