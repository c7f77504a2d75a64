import type { ApiReply, ApiRequest } from '@kilonova/http';
import { AppError } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { type Caller, ServerLocator } from '../server/core/server-locator.service.js';
import { type EventTarget, type ExternalEvent, eventCode } from './model/external-event.js';

/** Servers that one request looks up at once. */
const AT_ONCE = 4;

/** `/os-server-external-events`: what other services tell of servers. */
@Injectable()
export class ExternalEventController {
  constructor(private readonly locator: ServerLocator) {}

  /** 200 when every event was taken, 207 when some were not. */
  async create(request: ApiRequest<{ readonly events: readonly ExternalEvent[] }>): Promise<ApiReply> {
    // The rule of the route was the whole question: other services report on servers of every project.
    const everywhere: Caller = { ...request, principal: { ...request.principal, isAdmin: true }, authorize: () => undefined };
    const uuids = [...new Set(request.body.events.map(({ server_uuid: uuid }) => uuid))];
    const targets = await this.#targets(everywhere, uuids);
    const events = request.body.events.map((event) => {
      const code = eventCode(event, targets.get(event.server_uuid) ?? 'unknown');
      return { ...event, status: code === 200 ? (event.status ?? 'completed') : 'failed', code };
    });
    return { status: events.every(({ code }) => code === 200) ? 200 : 207, body: { events } };
  }

  /** A few at a time: one request may tell of hundreds of servers, and others need connections too. */
  async #targets(caller: Caller, uuids: readonly string[]): Promise<ReadonlyMap<string, EventTarget>> {
    const targets = new Map<string, EventTarget>();
    for (let at = 0; at < uuids.length; at += AT_ONCE) {
      const some = uuids.slice(at, at + AT_ONCE);
      const found = await Promise.all(some.map((uuid) => this.#target(caller, uuid)));
      for (const [index, uuid] of some.entries()) targets.set(uuid, found[index] as EventTarget);
    }
    return targets;
  }

  async #target(caller: Caller, uuid: string): Promise<EventTarget> {
    try {
      const found = await this.locator.reach(caller, uuid);
      return found.instance.host === null ? 'without-host' : 'on-host';
    } catch (error) {
      if (error instanceof AppError && error.kind === 'not-found') return 'unknown';
      throw error;
    }
  }
}
