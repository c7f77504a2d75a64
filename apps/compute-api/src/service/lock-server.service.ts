import type { Instance } from '@kilonova/compute-objects';
import type { Ctx } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { lockedBy } from '../model/server/lock.js';
import { ChangeServer } from './change-server.service.js';
import type { Caller } from './server-locator.service.js';

/** Locks keep a server from changing; administrators and their locks stand above the owner's. */
@Injectable()
export class LockServer {
  constructor(@Inject(ChangeServer) private readonly changeServer: ChangeServer) {}

  /** A server that its owner finds locked stays as it is. */
  async lock(ctx: Ctx, caller: Caller, id: string, reason: string | null): Promise<void> {
    await this.changeServer.run(
      ctx,
      caller,
      id,
      (instance) => {
        const by = lockedBy(instance, caller.principal);
        return instance.locked && by === 'owner' ? {} : { locked: true, locked_by: by, locked_reason: reason };
      },
      'lock',
    );
  }

  /** @param check throws when the caller may not undo this lock */
  async unlock(ctx: Ctx, caller: Caller, id: string, check: (instance: Instance) => void): Promise<void> {
    await this.changeServer.run(
      ctx,
      caller,
      id,
      (instance) => {
        check(instance);
        return { locked: false, locked_by: null, locked_reason: null };
      },
      'unlock',
    );
  }
}
