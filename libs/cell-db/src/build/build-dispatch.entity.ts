import type { BuildAndRunInstance } from '@kilonova/compute-objects';
import type { Ctx } from '@kilonova/util';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `build_dispatches`: what the agent is told, kept until it takes the build on. */
@Entity('build_dispatches')
export class BuildDispatchRow {
  @PrimaryColumn('uuid') instance_uuid!: string;
  @Column('text') host!: string;
  @Column('jsonb') args!: BuildAndRunInstance;
  @Column('jsonb') ctx!: Ctx;
  @Column('timestamptz') told_at!: Date;
}
