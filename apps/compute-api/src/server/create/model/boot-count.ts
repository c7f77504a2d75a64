import { invalid } from '@kilonova/util';

/** How many servers one request is about: as many as can be of `maxCount`, not fewer than `minCount`. */
export interface Counts {
  readonly minCount: number;
  readonly maxCount: number;
}

/** What one request may cause, whatever its project's quota is. */
export interface BootBounds {
  readonly servers: number;
  /** Of all servers together. */
  readonly bytes: number;
  /** Each server is stored with the list of the group's members, and so of all others. */
  readonly grouped: boolean;
}

/** A member's uuid in a list, with quotes and comma. */
const BYTES_OF_MEMBER = 39;

/**
 * Cuts the maximum to what one request may ask for.
 * @param bytesEach what one server takes up where it is stored
 * @throws AppError 400 when not even the minimum stays within the bounds
 */
export function boundCounts({ minCount, maxCount }: Counts, bytesEach: number, bounds: BootBounds): Counts {
  const most = Math.min(maxCount, bounds.servers);
  const each = bytesEach + (bounds.grouped ? BYTES_OF_MEMBER * most : 0);
  const room = Math.max(1, Math.floor(bounds.bytes / each));
  if (minCount > bounds.servers) {
    throw invalid('compute.server.too_many', `One request can ask for ${bounds.servers} servers at most.`);
  }
  if (minCount > room) {
    throw invalid('compute.server.too_large', `One request can ask for ${room} servers of this size at most.`);
  }
  return { minCount, maxCount: Math.min(most, room) };
}
