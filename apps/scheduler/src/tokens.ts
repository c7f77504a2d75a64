/** Injection token of the name of this host in services and notifications. */
export const HOST_NAME = Symbol('the name of this host in services and notifications');
