/** `2026-01-31T10:11:12Z`, as most answers write times. */
export const utcSeconds = (time: string | Date): string => `${new Date(time).toISOString().slice(0, 19)}Z`;

/** `2026-01-31T10:11:12.000000`, as some older parts of the API do. */
export const utcMicros = (time: string | Date | null): string | null =>
  time === null ? null : `${new Date(time).toISOString().slice(0, 23)}000`;
