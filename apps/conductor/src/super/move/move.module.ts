import { Config } from '@kilonova/config';
import { PlacementModule } from '@kilonova/placement-client';
import { Module } from '@nestjs/common';
import { conductorSection } from '../../config.js';
import { EventsModule } from '../../events/events.module.js';
import { BootModule } from '../boot/boot.module.js';
import { ApiLevelModule } from '../infrastructure/api-level.module.js';
import { StoresModule } from '../infrastructure/stores.module.js';
import { GrowClaim } from './grow-claim.service.js';
import { LocateServer } from './locate-server.service.js';
import { MoveHandler } from './move.handler.js';
import { PlaceOperation, PlacingOptions, PlacingStores, PlacingWays } from './place-operation.service.js';
import { PrepareClaims } from './prepare-claims.service.js';
import { SettleHolding } from './settle-holding.service.js';
import { TryOperation } from './try-operation.service.js';

const options = (config: Config): PlacingOptions => {
  const { host, schedulingAttempts, allowResizeToSameHost } = config.get(conductorSection);
  return { host, attempts: schedulingAttempts, allowResizeToSameHost, now: () => new Date() };
};

/** Operations on servers that need a host: resize, migrations, and whatever else has `placed` in the operation table. */
@Module({
  imports: [ApiLevelModule, EventsModule, StoresModule, PlacementModule, BootModule],
  controllers: [MoveHandler],
  providers: [
    PlaceOperation,
    PlacingStores,
    PlacingWays,
    PrepareClaims,
    GrowClaim,
    LocateServer,
    SettleHolding,
    TryOperation,
    { provide: PlacingOptions, useFactory: options, inject: [Config] },
  ],
})
export class MoveModule {}
