import type { NodeHardware } from '@kilonova/compute-objects';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `compute_nodes`: a hypervisor as its agent reported it last. MiB for memory, GiB for disk. */
@Entity('compute_nodes')
export class ComputeNodeRow {
  @PrimaryColumn('int') id!: number;
  @Column('uuid') uuid!: string;
  @Column('text') host!: string;
  @Column('text') hypervisor_hostname!: string;
  @Column('text') hypervisor_type!: string;
  @Column('int') hypervisor_version!: number;
  @Column('text') host_ip!: string;
  @Column('int') vcpus!: number;
  @Column('int') memory_mb!: number;
  @Column('int') local_gb!: number;
  @Column('int') vcpus_used!: number;
  @Column('int') memory_mb_used!: number;
  @Column('int') local_gb_used!: number;
  @Column('int') running_vms!: number;
  @Column('int') current_workload!: number;
  @Column('int', { nullable: true }) disk_available_least!: number | null;
  @Column('text') cpu_info!: string;
  @Column('jsonb') supported_instances!: Array<[string, string, string]>;
  @Column('double precision') cpu_allocation_ratio!: number;
  @Column('double precision') ram_allocation_ratio!: number;
  @Column('double precision') disk_allocation_ratio!: number;
  @Column('jsonb') stats!: Record<string, string>;
  /** NUMA cells and devices; null: the hypervisor tells of none. */
  @Column('jsonb', { nullable: true }) hardware!: NodeHardware | null;
  /** Whether the host has a mapping at the API level. */
  @Column('boolean') mapped!: boolean;
  @Column('timestamptz') created_at!: Date;
  @Column('timestamptz', { nullable: true }) updated_at!: Date | null;
}
