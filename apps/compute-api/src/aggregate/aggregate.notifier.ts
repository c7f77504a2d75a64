import type { Aggregate } from '@kilonova/api-db';
import { aggregatePayload, NotificationEmitter } from '@kilonova/notifications';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../common/settings.js';

/** The two families name the same changes differently. */
const LEGACY_NAMES = {
  create: 'create',
  delete: 'delete',
  add_host: 'addhost',
  remove_host: 'removehost',
  update_prop: 'updateprop',
  update_metadata: 'updatemetadata',
} as const;

export type AggregateChangeName = keyof typeof LEGACY_NAMES;

/** Tells outsiders of aggregates: `aggregate.<change>.start` before and `.end` after. */
@Injectable()
export class AggregateNotifier {
  constructor(
    private readonly emitter: NotificationEmitter,
    private readonly settings: ComputeSettings,
  ) {}

  /** @param facts what the unversioned family adds: `host_name`, `meta_data`, `name` */
  async tell(
    ctx: Ctx,
    change: AggregateChangeName,
    phase: 'start' | 'end',
    aggregate: Aggregate,
    facts: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    await this.emitter.emit(ctx, {
      publisher: { service: 'aggregate', host: this.settings.api.host },
      versioned: { eventType: `aggregate.${change}.${phase}`, payload: () => aggregatePayload(aggregate) },
      legacy: {
        eventType: `aggregate.${LEGACY_NAMES[change]}.${phase}`,
        publisher: { service: 'aggregate', host: String(aggregate.id) },
        payload: () => ({ aggregate_id: aggregate.id, ...facts }),
      },
    });
  }
}
