import { messages } from '@kilonova/compute-objects';
import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { integer } from '../../../common/values.js';
import { AskAgent } from '../../core/ask-agent.service.js';
import { serverId } from '../../core/server-id.js';
import { printable } from './model/printable.js';

interface OutputBody {
  readonly 'os-getConsoleOutput': { readonly length?: number | string };
}

/** What guests write to their consoles. */
@Injectable()
export class ConsoleOutputController {
  constructor(private readonly askAgent: AskAgent) {}

  async show(request: ApiRequest<OutputBody>): Promise<ApiReply> {
    const asked = integer(request.body['os-getConsoleOutput'].length ?? -1, 'length');
    const args = { length: asked < 0 ? null : asked };
    const id = serverId(request);
    const { told } = await this.askAgent.run(request.ctx, request, id, 'getConsoleOutput', messages.getConsoleOutput, args);
    return ok({ output: printable(told.output) });
  }
}
