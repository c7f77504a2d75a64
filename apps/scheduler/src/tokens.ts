/** Injection tokens of what has no class. */
export const HOST_NAME = Symbol('the name of this host in services and notifications');
export const LOGGER = Symbol('the logger');
