import type { BusLog } from '../port/bus-observer.js';

/** For tests that provoke what would be logged. */
export const quietLog: BusLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
