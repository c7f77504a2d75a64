import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { ServerPresenter } from './core/server.presenter.js';
import { ServerLocator } from './core/server-locator.service.js';
import { canonicalIpV6 } from './model/ip-address.js';
import { type ServerChange, UpdateServer } from './update-server.service.js';

interface UpdateBody {
  readonly server: {
    readonly name?: string;
    readonly 'OS-DCF:diskConfig'?: 'AUTO' | 'MANUAL';
    readonly accessIPv4?: string;
    readonly accessIPv6?: string;
    readonly description?: string | null;
    readonly hostname?: string;
  };
}

/** `/servers/{id}`: show and change. */
@Injectable()
export class ServerItemController {
  constructor(
    private readonly locator: ServerLocator,
    private readonly updateServer: UpdateServer,
    private readonly presenter: ServerPresenter,
  ) {}

  async show(request: ApiRequest): Promise<ApiReply> {
    const found = await this.locator.locate(request, request.params['id'] as string);
    return ok({ server: await this.presenter.show(request, found) });
  }

  async update(request: ApiRequest<UpdateBody>): Promise<ApiReply> {
    const changed = await this.updateServer.run(request.ctx, request, request.params['id'] as string, readChange(request.body));
    return ok({ server: this.presenter.changed(request as unknown as ApiRequest, changed) });
  }
}

/** The document's names are not the columns'. */
function readChange({ server }: UpdateBody): ServerChange {
  const diskConfig = server['OS-DCF:diskConfig'];
  return {
    ...(server.name === undefined ? {} : { display_name: server.name }),
    ...(server.description === undefined ? {} : { display_description: server.description }),
    ...(server.accessIPv4 === undefined ? {} : { access_ip_v4: server.accessIPv4 }),
    ...(server.accessIPv6 === undefined ? {} : { access_ip_v6: canonicalIpV6(server.accessIPv6) }),
    ...(server.hostname === undefined ? {} : { hostname: server.hostname }),
    ...(diskConfig === undefined ? {} : { auto_disk_config: diskConfig === 'AUTO' }),
  };
}
