import type { VersionSpan } from '@kilonova/http';

/** `1.8 – 1.11`; an open end is that of the API. */
export const spanText = ({ min, max }: VersionSpan, last: string): string =>
  (min ?? '1.0') === (max ?? last) ? (max ?? last) : `${min ?? '1.0'} – ${max ?? last}`;
