import type { PolicyRule } from '@kilonova/policy';
import type { JsonSchema, Route, SchemaVersion } from '../route.js';
import type { Answers } from './answers.js';

/** The microversions of an API, both ends included. */
export interface VersionRange {
  readonly min: string;
  readonly max: string;
}

/** What an API is described from: its tables, and what the route table does not say. */
export interface ApiDescription {
  /** The document's title. */
  readonly title: string;
  /** The service as the header of microversions calls it. */
  readonly service: string;
  readonly versions: VersionRange;
  /** Versions of Kilonova's own extensions; left out: there are none. */
  readonly extensions?: VersionRange;
  readonly routes: readonly Route[];
  readonly rules: readonly PolicyRule[];
  readonly answers: Answers;
  /** The body of an error. */
  readonly error: JsonSchema;
  /** Schemas that controllers check themselves, by `PUT /path/:param`. */
  readonly lateBodies?: ReadonlyMap<string, readonly SchemaVersion[]>;
}
