import { bigintColumn } from '@kilonova/sql';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `instance_actions`: one thing that was asked of an instance. */
@Entity('instance_actions')
export class InstanceActionRow {
  @PrimaryColumn('bigint', { transformer: bigintColumn }) id!: number;
  @Column('text') action!: string;
  @Column('uuid') instance_uuid!: string;
  @Column('text') request_id!: string;
  @Column('text', { nullable: true }) user_id!: string | null;
  @Column('text', { nullable: true }) project_id!: string | null;
  @Column('timestamptz') start_time!: Date;
  @Column('timestamptz', { nullable: true }) finish_time!: Date | null;
  /** `Error` once one of its events failed. */
  @Column('text', { nullable: true }) message!: string | null;
  @Column('timestamptz') created_at!: Date;
  @Column('timestamptz') updated_at!: Date;
}

/** A row of `instance_action_events`: one service's part in an action. */
@Entity('instance_action_events')
export class InstanceActionEventRow {
  @PrimaryColumn('bigint', { transformer: bigintColumn }) id!: number;
  @Column('bigint', { transformer: bigintColumn }) action_id!: number;
  @Column('text') event!: string;
  @Column('timestamptz') start_time!: Date;
  @Column('timestamptz', { nullable: true }) finish_time!: Date | null;
  @Column('text', { nullable: true }) result!: 'Success' | 'Error' | null;
  /** For administrators. */
  @Column('text', { nullable: true }) traceback!: string | null;
  @Column('text', { nullable: true }) host!: string | null;
  @Column('text', { nullable: true }) details!: string | null;
}
