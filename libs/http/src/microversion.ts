/** A microversion `major.minor` as one comparable number: major · 1000 + minor. */
export type Microversion = number;

/** `2.90` → 2090. The text must have been checked before. */
export function microversion(text: string): Microversion {
  const [major = '0', minor = '0'] = text.split('.');
  return Number(major) * 1000 + Number(minor);
}

/** 2090 → `2.90`. */
export const formatMicroversion = (version: Microversion): string => `${Math.floor(version / 1000)}.${version % 1000}`;

/** A span of microversions, both ends included, as text; an open end is left out. */
export interface VersionSpan {
  readonly min?: string;
  readonly max?: string;
}

/** True when the version lies in the span. */
export const inSpan = (span: VersionSpan, version: Microversion): boolean =>
  (span.min === undefined || version >= microversion(span.min)) && (span.max === undefined || version <= microversion(span.max));

/** The first entry whose span holds the version: how schemas and handlers of one route are told apart. */
export const pickVersion = <T extends VersionSpan>(entries: readonly T[], version: Microversion): T | undefined =>
  entries.find((entry) => inSpan(entry, version));
