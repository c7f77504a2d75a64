import type { SchemaVersion, VersionSpan } from '@kilonova/http';

/** `1.8 – 1.11`; an open end is that of the API. */
export const spanText = ({ min, max }: VersionSpan, last: string): string =>
  (min ?? '1.0') === (max ?? last) ? (max ?? last) : `${min ?? '1.0'} – ${max ?? last}`;

/** The schemas of a part of the API that is there at these microversions; what they leave open ends with it. */
export const within = ({ min, max }: VersionSpan, versions: readonly SchemaVersion[] = []): readonly SchemaVersion[] =>
  versions.map((each) => ({ min, max, ...each }));
