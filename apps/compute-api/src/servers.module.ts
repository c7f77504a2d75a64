import type { Provider } from '@nestjs/common';
import { ServerController } from './http/server.controller.js';
import { ServerPresenter } from './http/server.presenter.js';
import { ServerItemController } from './http/server-item.controller.js';
import { VersionController } from './http/version.controller.js';
import { ChangeServer } from './service/change-server.service.js';
import { CreateServers } from './service/create-servers.service.js';
import { DeleteServer } from './service/delete-server.service.js';
import { ListServers } from './service/list-servers.service.js';
import { ServerDeparture } from './service/server-departure.service.js';
import { ServerLocator } from './service/server-locator.service.js';
import { UpdateServer } from './service/update-server.service.js';

/** Servers and what hangs on them. Beside what `ComputeParts` names, nothing is needed. */
export const serverProviders: readonly Provider[] = [
  ...[VersionController, ServerController, ServerItemController, ServerPresenter],
  ...[ServerLocator, ServerDeparture, CreateServers, DeleteServer, ListServers, ChangeServer, UpdateServer],
];
