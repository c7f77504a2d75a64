import type { Provider } from '@nestjs/common';
import { ExternalEventController } from './external-event/external-event.controller.js';
import { GoneController } from './gone/gone.controller.js';
import { ImageController } from './image/image.controller.js';
import { ImageMetadataController } from './image/image-metadata.controller.js';
import { NetworkProxyController } from './network/network-proxy.controller.js';
import { OpenApiController } from './openapi/index.js';
import { DeleteServer } from './server/actions/delete/delete-server.service.js';
import { ServerDeparture } from './server/actions/delete/server-departure.service.js';
import { LockServer } from './server/actions/lock/lock-server.service.js';
import { ResetServerState } from './server/actions/reset-state/reset-server-state.service.js';
import { ServerActionController } from './server/actions/server-action.controller.js';
import { AcceptAction } from './server/core/accept-action.service.js';
import { ChangeServer } from './server/core/change-server.service.js';
import { ServerPresenter } from './server/core/server.presenter.js';
import { ServerLocator } from './server/core/server-locator.service.js';
import { CreateServers } from './server/create/create-servers.service.js';
import { DestinationGuard } from './server/create/destination.guard.js';
import { InstanceActionController } from './server/instance-action/instance-action.controller.js';
import { ListServers } from './server/list/list-servers.service.js';
import { ServerMetadataController } from './server/metadata/server-metadata.controller.js';
import { ServerMetadata } from './server/metadata/server-metadata.service.js';
import { SchedulingController } from './server/scheduling/scheduling.controller.js';
import { ServerController } from './server/server.controller.js';
import { ServerExtrasController } from './server/server-extras.controller.js';
import { ServerItemController } from './server/server-item.controller.js';
import { ServerTagsController } from './server/tags/server-tags.controller.js';
import { UpdateServer } from './server/update-server.service.js';
import { VersionController } from './version/version.controller.js';

/** Servers and what hangs on them. Beside what `ComputeParts` names, nothing is needed. */
export const serverProviders: readonly Provider[] = [
  ...[VersionController, OpenApiController, ServerController, ServerItemController, ServerPresenter],
  ...[ServerLocator, ServerDeparture, AcceptAction, CreateServers, DestinationGuard, DeleteServer],
  ...[ListServers, ChangeServer, UpdateServer],
  ...[ServerMetadata, ServerMetadataController, ServerTagsController, InstanceActionController, SchedulingController],
  ...[LockServer, ResetServerState, ServerActionController, ServerExtrasController, NetworkProxyController, GoneController],
  ...[ImageController, ImageMetadataController, ExternalEventController],
];
