/**
 * The time of day as this process found it at its start, and as time has passed since, milliseconds. Nobody sets this clock, so
 * differences between two of its readings are right however often the machine's own is put forward or back.
 */
export const steadyTime = (): number => performance.timeOrigin + performance.now();
