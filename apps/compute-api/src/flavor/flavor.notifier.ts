import type { Flavor } from '@kilonova/compute-objects';
import { flavorPayload, NotificationEmitter } from '@kilonova/notifications';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../common/settings.js';

/** Tells outsiders of flavors: `flavor.create`, `flavor.update`, `flavor.delete` (versioned family alone, as upstream). */
@Injectable()
export class FlavorNotifier {
  constructor(
    private readonly emitter: NotificationEmitter,
    private readonly settings: ComputeSettings,
  ) {}

  /** @param projects those that may use the flavor, where they are known */
  async changed(
    ctx: Ctx,
    change: 'create' | 'update' | 'delete',
    flavor: Flavor,
    projects: readonly string[] | null = null,
  ): Promise<void> {
    await this.emitter.emit(ctx, {
      publisher: { service: 'api', host: this.settings.api.host },
      versioned: { eventType: `flavor.${change}`, payload: () => flavorPayload(flavor, projects) },
    });
  }
}
