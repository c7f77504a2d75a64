import { Injectable } from '@nestjs/common';
import type { ManagedHost } from '../host/managed-host.js';

/** Nobody is in a hurry here. */
const NEVER = new AbortController().signal;

/** Removes guests that no server belongs to. */
@Injectable()
export class RemoveGuest {
  /** The guest, and what it left behind when it moved away; no error when there is neither. */
  async run(host: ManagedHost, instanceUuid: string): Promise<void> {
    await host.driver.destroy(instanceUuid);
    if (host.driver.movedAway().includes(instanceUuid)) await host.driver.confirmMigration(instanceUuid, NEVER);
    host.instances.delete(instanceUuid);
  }
}
