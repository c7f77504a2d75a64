import { Module } from '@nestjs/common';
import { BootModule } from './boot/boot.module.js';
import { DepartureModule } from './departure/departure.module.js';
import { ImageModule } from './image/image.module.js';
import { MoveModule } from './move/move.module.js';
import { ServiceModule } from './service/service.module.js';
import { SweepingModule } from './sweeping/sweeping.module.js';

/** The conductor beside the API. */
@Module({ imports: [BootModule, DepartureModule, ImageModule, MoveModule, ServiceModule, SweepingModule] })
export class SuperConductorModule {}
