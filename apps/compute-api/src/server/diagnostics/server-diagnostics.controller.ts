import { messages, POWER_WORDS } from '@kilonova/compute-objects';
import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { conflict } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { Since } from '../../common/model/microversion.js';
import { AskAgent } from '../core/ask-agent.service.js';
import { serverId } from '../core/server-id.js';
import { diagnosticsView } from './server-diagnostics.view.js';

/** The counters of a server's guest. */
@Injectable()
export class ServerDiagnosticsController {
  constructor(private readonly askAgent: AskAgent) {}

  /** Up to 2.47 in the hypervisor's own words. */
  async show(request: ApiRequest): Promise<ApiReply> {
    const { ctx, version } = request;
    const { found, told } = await this.askAgent.run(
      ctx,
      request,
      serverId(request),
      'getDiagnostics',
      messages.getDiagnostics,
      {},
    );
    if (told.outcome === 'not-running') {
      const state = POWER_WORDS[told.power_state];
      const message = `Cannot 'get_diagnostics' instance ${found.instance.uuid} while it is in power state ${state}`;
      throw conflict('compute.server.state', message);
    }
    return ok(version < Since.standardDiagnostics ? told.diagnostics.native : diagnosticsView(told.diagnostics));
  }
}
