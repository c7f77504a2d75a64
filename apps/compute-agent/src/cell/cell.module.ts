import { Module } from '@nestjs/common';
import { BusCellConductor, CellConductor } from './cell-conductor.client.js';

/** The agent's own cell, as far as it reaches. */
@Module({ providers: [{ provide: CellConductor, useClass: BusCellConductor }], exports: [CellConductor] })
export class CellModule {}
