import { badRequest, ErrorCode, refused } from '../errors.js';
import type { ClaimRefusal } from '../model/allocation.js';

/** A refused claim in a client's terms: 400 for names that don't exist, 409 for what does not fit the present state. */
export function claimFault(refusal: ClaimRefusal): Error {
  switch (refusal.outcome) {
    case 'consumer-conflict':
      return refused(
        `consumer generation conflict - expected ${shown(refusal.stored, 'null')} but got ${shown(refusal.given, 'None')}`,
        ErrorCode.concurrentUpdate,
      );
    case 'unknown-provider':
      return badRequest(`Allocation for resource provider '${refusal.provider}' that does not exist.`);
    case 'unknown-class':
      return badRequest(
        `Unable to allocate inventory for consumer ${refusal.consumer}: No such resource class ${refusal.class}.`,
      );
    case 'no-inventory':
      return unable(`Inventory for '${refusal.class}' on resource provider '${refusal.provider}' invalid.`);
    case 'constraint':
      return unable(`${creating(refusal)} The requested amount would violate inventory constraints.`);
    case 'capacity':
      return unable(`${creating(refusal)} The requested amount would exceed the capacity.`);
  }
}

const shown = (generation: number | null, absent: string): string => (generation === null ? absent : String(generation));

const unable = (why: string): Error => refused(`Unable to allocate inventory: ${why}`);

const creating = ({ class: name, provider }: { readonly class: string; readonly provider: string }): string =>
  `Unable to create allocation for '${name}' on resource provider '${provider}'.`;
