import type { GuestRef, InjectionOutcome, QuiesceGuest, QuiesceOutcome } from '@kilonova/compute-objects';
import type { Logger } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { AppError, type Ctx } from '@kilonova/util';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { ManagedHost } from '../host/managed-host.js';
import { GuestDesk } from './guest-desk.service.js';

/** How long a guest may take to go on when nobody has told it to. */
const PATIENCE_MS = 30_000;

interface Quiesced {
  readonly host: ManagedHost;
  readonly timer: NodeJS.Timeout;
}

/** Guests that hold back what they write. None does so for longer than was asked for, whatever becomes of who asked, and of this agent. */
@Injectable()
export class QuiescedGuests implements OnModuleDestroy {
  readonly #quiesced = new Map<string, Quiesced>();

  constructor(
    private readonly desk: GuestDesk,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {}

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.#quiesced.keys()].map((uuid) => this.#goOn(uuid)));
  }

  quiesce(ctx: Ctx, { seconds, ...guest }: QuiesceGuest): Promise<QuiesceOutcome> {
    const uuid = guest.instance_uuid;
    return this.desk.ask<QuiesceOutcome>(ctx, guest, async (host, signal) => {
      const instance = host.instances.get(uuid);
      if (instance === undefined) return { outcome: 'absent' };
      this.#forget(uuid);
      // From here on, so that one whose answer comes too late goes on as well.
      this.#quiesced.set(uuid, { host, timer: setTimeout(() => void this.#goOn(uuid), seconds * 1000).unref() });
      try {
        await host.driver.quiesce(instance, signal);
        return { outcome: 'told' };
      } catch (error) {
        await this.#goOn(uuid);
        if (error instanceof AppError && error.code === 'virt.guest.no_agent') return { outcome: 'no-agent' };
        throw error;
      }
    });
  }

  unquiesce(ctx: Ctx, guest: GuestRef): Promise<InjectionOutcome> {
    return this.desk.ask<InjectionOutcome>(ctx, guest, async ({ driver }, signal) => {
      await driver.unquiesce(guest.instance_uuid, signal);
      this.#forget(guest.instance_uuid);
      return { outcome: 'told' };
    });
  }

  async #goOn(uuid: string): Promise<void> {
    const host = this.#forget(uuid);
    if (host === undefined) return;
    await host.driver
      .unquiesce(uuid, AbortSignal.timeout(PATIENCE_MS))
      .catch((err: unknown) => this.log.warn({ err, host: host.host, instance: uuid }, 'a quiesced guest does not go on'));
  }

  #forget(uuid: string): ManagedHost | undefined {
    const found = this.#quiesced.get(uuid);
    clearTimeout(found?.timer);
    this.#quiesced.delete(uuid);
    return found?.host;
  }
}
