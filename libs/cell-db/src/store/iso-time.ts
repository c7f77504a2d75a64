/** A database time as it crosses the bus. */
export const isoTime = (value: Date | null): string | null => value?.toISOString() ?? null;
