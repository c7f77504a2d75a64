import type { ApiReply, ApiRequest } from '@kilonova/http';
import { normalizeUuid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { DeliverEvents, placeOf } from './deliver-events.service.js';
import { type ExternalEvent, eventCode } from './model/external-event.js';

/** `/os-server-external-events`: what other services tell of servers, of every project: the rule of the route is the whole question. */
@Injectable()
export class ExternalEventController {
  constructor(private readonly deliverEvents: DeliverEvents) {}

  /** 200 when every event was taken, 207 when some were not. */
  async create(request: ApiRequest<{ readonly events: readonly ExternalEvent[] }>): Promise<ApiReply> {
    const asked = request.body.events.map((event) => ({
      ...event,
      server_uuid: normalizeUuid(event.server_uuid) ?? event.server_uuid,
    }));
    const located = await this.deliverEvents.locate([...new Set(asked.map((event) => event.server_uuid))]);
    const codes = asked.map((event) => eventCode(event, placeOf(event.server_uuid, located)));
    await this.deliverEvents.run(
      request.ctx,
      asked.filter((_event, index) => codes[index] === 200),
      located.placed,
    );
    const events = request.body.events.map((event, index) => {
      const code = codes[index] as number;
      return { ...event, status: code === 200 ? 'completed' : 'failed', code };
    });
    return { status: codes.every((code) => code === 200) ? 200 : 207, body: { events } };
  }
}
