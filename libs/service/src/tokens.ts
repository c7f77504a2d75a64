/** Injection token of the service's `Logger`, which has no class. */
export const LOGGER = Symbol('the logger of the service');

/** Injection token of the `BusObserver` that every bus of the process is given. */
export const BUS_OBSERVER = Symbol('the observer of buses');
