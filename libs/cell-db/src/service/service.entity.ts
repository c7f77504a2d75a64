import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `services`; the API level and each cell have the same table. */
@Entity('services')
export class ServiceRow {
  @PrimaryColumn('int') id!: number;
  @Column('uuid') uuid!: string;
  @Column('text') host!: string;
  @Column('text') binary!: string;
  @Column('text') topic!: string;
  @Column('int') report_count!: number;
  @Column('boolean') disabled!: boolean;
  @Column('text', { nullable: true }) disabled_reason!: string | null;
  @Column('boolean') forced_down!: boolean;
  @Column('timestamptz', { nullable: true }) last_seen_up!: Date | null;
  @Column('int') version!: number;
  @Column('timestamptz') created_at!: Date;
  @Column('timestamptz', { nullable: true }) updated_at!: Date | null;
}
