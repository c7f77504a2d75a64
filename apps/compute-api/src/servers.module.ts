import type { Provider } from '@nestjs/common';
import { ExternalEventController } from './http/external-event.controller.js';
import { GoneController } from './http/gone.controller.js';
import { ImageController } from './http/image.controller.js';
import { ImageMetadataController } from './http/image-metadata.controller.js';
import { InstanceActionController } from './http/instance-action.controller.js';
import { NetworkProxyController } from './http/network-proxy.controller.js';
import { OpenApiController } from './http/openapi/index.js';
import { SchedulingController } from './http/scheduling.controller.js';
import { ServerController } from './http/server.controller.js';
import { ServerPresenter } from './http/server.presenter.js';
import { ServerActionController } from './http/server-action.controller.js';
import { ServerExtrasController } from './http/server-extras.controller.js';
import { ServerItemController } from './http/server-item.controller.js';
import { ServerMetadataController } from './http/server-metadata.controller.js';
import { ServerTagsController } from './http/server-tags.controller.js';
import { VersionController } from './http/version.controller.js';
import { AcceptAction } from './service/accept-action.service.js';
import { ChangeServer } from './service/change-server.service.js';
import { CreateServers } from './service/create-servers.service.js';
import { DeleteServer } from './service/delete-server.service.js';
import { DestinationGuard } from './service/destination.guard.js';
import { ListServers } from './service/list-servers.service.js';
import { LockServer } from './service/lock-server.service.js';
import { ResetServerState } from './service/reset-server-state.service.js';
import { ServerDeparture } from './service/server-departure.service.js';
import { ServerLocator } from './service/server-locator.service.js';
import { ServerMetadata } from './service/server-metadata.service.js';
import { UpdateServer } from './service/update-server.service.js';

/** Servers and what hangs on them. Beside what `ComputeParts` names, nothing is needed. */
export const serverProviders: readonly Provider[] = [
  ...[VersionController, OpenApiController, ServerController, ServerItemController, ServerPresenter],
  ...[ServerLocator, ServerDeparture, AcceptAction, CreateServers, DestinationGuard, DeleteServer],
  ...[ListServers, ChangeServer, UpdateServer],
  ...[ServerMetadata, ServerMetadataController, ServerTagsController, InstanceActionController, SchedulingController],
  ...[LockServer, ResetServerState, ServerActionController, ServerExtrasController, NetworkProxyController, GoneController],
  ...[ImageController, ImageMetadataController, ExternalEventController],
];
