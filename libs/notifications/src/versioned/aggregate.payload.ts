import { type VersionedObject, versionedObject } from './object.js';

/** What of an aggregate outsiders are told. */
export interface AggregateFacts {
  readonly id: number;
  readonly uuid: string;
  readonly name: string;
  readonly hosts: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** What became of images on one host of an aggregate. */
export interface CachedOnHost {
  readonly host: string;
  readonly cached: readonly string[];
  readonly failed: readonly string[];
  /** From 1, in the order in which hosts were done. */
  readonly index: number;
  readonly total: number;
}

/** AggregatePayload 1.1. */
export const aggregatePayload = ({ id, uuid, name, hosts, metadata }: AggregateFacts): VersionedObject =>
  versionedObject('AggregatePayload', '1.1', { id, uuid, name, hosts, metadata });

/** AggregateCachePayload 1.0. */
export const aggregateCachePayload = (
  { id, uuid, name }: AggregateFacts,
  { host, cached, failed, index, total }: CachedOnHost,
): VersionedObject =>
  versionedObject('AggregateCachePayload', '1.0', {
    id,
    uuid,
    name,
    host,
    images_cached: cached,
    images_failed: failed,
    index,
    total,
  });
