import { Module } from '@nestjs/common';
import { ChangePasswordModule } from './actions/change-password/change-password.module.js';
import { ConsoleOutputModule } from './actions/console-output/console-output.module.js';
import { DeleteModule } from './actions/delete/delete.module.js';
import { EvacuateModule } from './actions/evacuate/evacuate.module.js';
import { ServerImageModule } from './actions/image/server-image.module.js';
import { LiveMigrateModule } from './actions/live-migrate/live-migrate.module.js';
import { LiveResizeModule } from './actions/live-resize/live-resize.module.js';
import { LockModule } from './actions/lock/lock.module.js';
import { MigrateModule } from './actions/migrate/migrate.module.js';
import { NetworkInfoModule } from './actions/network-info/network-info.module.js';
import { PowerModule } from './actions/power/power.module.js';
import { PurgeBackupsModule } from './actions/purge-backups/purge-backups.module.js';
import { RebuildModule } from './actions/rebuild/rebuild.module.js';
import { RescueModule } from './actions/rescue/rescue.module.js';
import { ResetStateModule } from './actions/reset-state/reset-state.module.js';
import { ResizeModule } from './actions/resize/resize.module.js';
import { RestoreModule } from './actions/restore/restore.module.js';
import { ShelveModule } from './actions/shelve/shelve.module.js';
import { ServerAddressModule } from './address/server-address.module.js';
import { ServerCoreModule } from './core/server-core.module.js';
import { CreateServersModule } from './create/create-servers.module.js';
import { ServerDiagnosticsModule } from './diagnostics/server-diagnostics.module.js';
import { FixedIpModule } from './fixed-ip/fixed-ip.module.js';
import { ServerFloatingIpModule } from './floating-ip/server-floating-ip.module.js';
import { InstanceActionModule } from './instance-action/instance-action.module.js';
import { ServerInterfaceModule } from './interface/server-interface.module.js';
import { ListServersModule } from './list/list-servers.module.js';
import { ServerMetadataModule } from './metadata/server-metadata.module.js';
import { ServerMigrationModule } from './migration/server-migration.module.js';
import { ServerPasswordModule } from './password/server-password.module.js';
import { RemoteConsoleModule } from './remote-console/remote-console.module.js';
import { SchedulingModule } from './scheduling/scheduling.module.js';
import { ServerSecurityGroupModule } from './security-group/server-security-group.module.js';
import { ServerController } from './server.controller.js';
import { ServerItemController } from './server-item.controller.js';
import { ServerTagsModule } from './tags/server-tags.module.js';
import { ServerTopologyModule } from './topology/server-topology.module.js';
import { UpdateServer } from './update-server.service.js';
import { VolumeAttachmentModule } from './volume-attachment/volume-attachment.module.js';

/** Servers, and all that hangs on them. */
@Module({
  imports: [
    ChangePasswordModule,
    ConsoleOutputModule,
    CreateServersModule,
    DeleteModule,
    InstanceActionModule,
    ListServersModule,
    EvacuateModule,
    FixedIpModule,
    LiveMigrateModule,
    LockModule,
    MigrateModule,
    NetworkInfoModule,
    PowerModule,
    PurgeBackupsModule,
    RemoteConsoleModule,
    RescueModule,
    ResetStateModule,
    ResizeModule,
    RestoreModule,
    SchedulingModule,
    ServerAddressModule,
    ServerCoreModule,
    ServerDiagnosticsModule,
    ServerFloatingIpModule,
    ServerImageModule,
    ServerInterfaceModule,
    ServerMetadataModule,
    ServerMigrationModule,
    ServerPasswordModule,
    ServerSecurityGroupModule,
    ServerTagsModule,
    ServerTopologyModule,
    VolumeAttachmentModule,
    RebuildModule,
    ShelveModule,
    LiveResizeModule,
  ],
  providers: [UpdateServer, ServerController, ServerItemController],
})
export class ServerModule {}
