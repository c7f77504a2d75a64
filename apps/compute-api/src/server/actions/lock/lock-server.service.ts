import type { Instance } from '@kilonova/compute-objects';
import { InstanceNotifier } from '@kilonova/notifications';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ChangeServer, type Decide } from '../../core/change-server.service.js';
import type { ServerFields } from '../../core/server-fields.repository.js';
import type { Caller } from '../../core/server-locator.service.js';
import { lockedBy } from './model/lock.js';

/** Locks keep a server from changing; administrators and their locks stand above the owner's. */
@Injectable()
export class LockServer {
  constructor(
    private readonly changeServer: ChangeServer,
    private readonly notifier: InstanceNotifier,
  ) {}

  /** A server that its owner finds locked stays as it is. */
  async lock(ctx: Ctx, caller: Caller, id: string, reason: string | null): Promise<void> {
    const decide = (instance: Instance): ServerFields => {
      const by = lockedBy(instance, caller.principal);
      return instance.locked && by === 'owner' ? {} : { locked: true, locked_by: by, locked_reason: reason };
    };
    await this.#change(ctx, caller, id, 'lock', decide);
  }

  /** @param check throws when the caller may not undo this lock */
  async unlock(ctx: Ctx, caller: Caller, id: string, check: (instance: Instance) => void): Promise<void> {
    const decide = (instance: Instance): ServerFields => {
      check(instance);
      return { locked: false, locked_by: null, locked_reason: null };
    };
    await this.#change(ctx, caller, id, 'unlock', decide);
  }

  async #change(ctx: Ctx, caller: Caller, id: string, action: 'lock' | 'unlock', decide: Decide): Promise<void> {
    const { instance } = await this.changeServer.run(ctx, caller, id, { action, decide });
    await this.notifier.single(ctx, instance, action);
  }
}
