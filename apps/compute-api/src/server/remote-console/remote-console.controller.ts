import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { serverId } from '../core/server-id.js';
import { OpenConsole } from './open-console.service.js';

type Wanted<Key extends string> = Readonly<Record<Key, { readonly type: string }>>;
interface ConsoleBody {
  readonly remote_console: { readonly protocol: string; readonly type: string };
}

/** Consoles of servers. */
@Injectable()
export class RemoteConsoleController {
  constructor(private readonly openConsole: OpenConsole) {}

  async create(request: ApiRequest<ConsoleBody>): Promise<ApiReply> {
    const { protocol, type } = request.body.remote_console;
    const url = await this.openConsole.run(request.ctx, request, serverId(request), protocol, type);
    return ok({ remote_console: { protocol, type, url } });
  }

  vnc(request: ApiRequest<Wanted<'os-getVNCConsole'>>): Promise<ApiReply> {
    return this.#ofOld(request, 'vnc', request.body['os-getVNCConsole'].type);
  }

  spice(request: ApiRequest<Wanted<'os-getSPICEConsole'>>): Promise<ApiReply> {
    return this.#ofOld(request, 'spice', request.body['os-getSPICEConsole'].type);
  }

  serial(request: ApiRequest<Wanted<'os-getSerialConsole'>>): Promise<ApiReply> {
    return this.#ofOld(request, 'serial', request.body['os-getSerialConsole'].type);
  }

  async #ofOld(request: ApiRequest<unknown>, protocol: string, type: string): Promise<ApiReply> {
    const url = await this.openConsole.run(request.ctx, request, serverId(request), protocol, type);
    return ok({ console: { type, url } });
  }
}
