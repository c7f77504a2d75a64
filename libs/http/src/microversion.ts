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

/** What a request is asked at. */
export interface Negotiated {
  readonly version: Microversion;
  /** Version of Kilonova's own extensions, when the client asked for them. */
  readonly extension?: Microversion;
}

/** What is there at some microversions, and perhaps only for who asks for Kilonova's own extensions. */
export interface Offered extends VersionSpan {
  /** The first version of the extensions that has it; left out: it is none of them. */
  readonly extension?: string;
}

/** True when what a request is asked at has it. */
export const isOffered = (one: Offered, { version, extension = 0 }: Negotiated): boolean =>
  inSpan(one, version) && (one.extension === undefined || extension >= microversion(one.extension));

/** The first entry that is there: how schemas and handlers of one route are told apart. */
export const pickVersion = <T extends Offered>(entries: readonly T[], asked: Negotiated): T | undefined =>
  entries.find((entry) => isOffered(entry, asked));
