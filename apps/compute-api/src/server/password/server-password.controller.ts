import { type ApiReply, type ApiRequest, noContent, ok } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { serverId } from '../core/server-id.js';
import { ServerLocator } from '../core/server-locator.service.js';

/** The password that a guest hands over: guests have no way to do so here. */
@Injectable()
export class ServerPasswordController {
  constructor(private readonly locator: ServerLocator) {}

  async show(request: ApiRequest): Promise<ApiReply> {
    await this.locator.locate(request, serverId(request));
    return ok({ password: '' });
  }

  async clear(request: ApiRequest): Promise<ApiReply> {
    await this.locator.locate(request, serverId(request));
    return noContent();
  }
}
