import type { Flavor, InstanceFault, InstanceKeypair, PowerState, TaskState, Vif, VmState } from '@kilonova/compute-objects';
import { bigintColumn } from '@kilonova/sql';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `instances`: what travels as `Instance`, and the number of its changes. */
@Entity('instances')
export class InstanceRow {
  @Column('int') id!: number;
  @PrimaryColumn('uuid') uuid!: string;
  @Column('text') display_name!: string;
  @Column('text', { nullable: true }) display_description!: string | null;
  @Column('text') hostname!: string;
  @Column('text') project_id!: string;
  @Column('text') user_id!: string;
  @Column('text') reservation_id!: string;
  @Column('int') launch_index!: number;
  @Column('text') vm_state!: VmState;
  @Column('text', { nullable: true }) task_state!: TaskState | null;
  @Column('int') power_state!: PowerState;
  @Column('int') progress!: number;
  @Column('text', { nullable: true }) host!: string | null;
  @Column('text', { nullable: true }) node!: string | null;
  @Column('text', { nullable: true }) launched_on!: string | null;
  @Column('uuid', { nullable: true }) compute_node_uuid!: string | null;
  @Column('text', { nullable: true }) availability_zone!: string | null;
  @Column('text', { nullable: true }) image_ref!: string | null;
  @Column('text', { nullable: true }) kernel_id!: string | null;
  @Column('text', { nullable: true }) ramdisk_id!: string | null;
  @Column('jsonb') flavor!: Flavor;
  @Column('text', { nullable: true }) key_name!: string | null;
  @Column('text', { nullable: true }) key_data!: string | null;
  @Column('jsonb') keypairs!: InstanceKeypair[];
  @Column('text', { nullable: true }) user_data!: string | null;
  @Column('text') config_drive!: string;
  @Column('text', { nullable: true }) access_ip_v4!: string | null;
  @Column('text', { nullable: true }) access_ip_v6!: string | null;
  @Column('boolean') auto_disk_config!: boolean;
  @Column('text', { nullable: true }) root_device_name!: string | null;
  @Column('text', { nullable: true }) os_type!: string | null;
  @Column('text', { nullable: true }) architecture!: string | null;
  @Column('boolean') locked!: boolean;
  @Column('text', { nullable: true }) locked_by!: 'owner' | 'admin' | null;
  @Column('text', { nullable: true }) locked_reason!: string | null;
  @Column('jsonb') metadata!: Record<string, string>;
  @Column('jsonb') system_metadata!: Record<string, string>;
  @Column('text', { array: true }) tags!: string[];
  @Column('jsonb', { nullable: true }) trusted_certs!: string[] | null;
  @Column('jsonb', { nullable: true }) fault!: InstanceFault | null;
  /** Null: stored by a release that knew of no networks. */
  @Column('jsonb', { nullable: true }) network_info!: Vif[] | null;
  @Column('bigint', { transformer: bigintColumn }) revision!: number;
  @Column('timestamptz') created_at!: Date;
  @Column('timestamptz', { nullable: true }) updated_at!: Date | null;
  @Column('timestamptz', { nullable: true }) launched_at!: Date | null;
  @Column('timestamptz', { nullable: true }) terminated_at!: Date | null;
  @Column('timestamptz', { nullable: true }) deleted_at!: Date | null;
}
