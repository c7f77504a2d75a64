import type { InstanceFault, OperationArguments, OperationName, StepName, TaskState, VmState } from '@kilonova/compute-objects';
import type { Ctx } from '@kilonova/util';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * `placing`: a host is looked for at the API level; `queued`: it waits for its turn at an end of its move; `prepared`: nobody was told; `sent`: the agent was; `taken`: the agent
 * works on it; `failed`: the last attempt did, and the cell's conductor looks for another host, or winds it up.
 */
export type OperationState = 'placing' | 'queued' | 'prepared' | 'sent' | 'taken' | 'failed';

/** A row of `operations`: what is being done to an instance, from acceptance to the end. */
@Entity('operations')
export class OperationRow {
  @PrimaryColumn('uuid') instance_uuid!: string;
  @Column('uuid') uuid!: string;
  @Column('text') name!: OperationName;
  @Column('text') step!: StepName;
  @Column('int') attempt!: number;
  /** Whose turn it is: the host whose agent has the step, the conductor that looks for a host, or empty. */
  @Column('text') host!: string;
  @Column('text') state!: OperationState;
  /** The move that it makes or goes on with. */
  @Column('uuid', { nullable: true }) migration_uuid!: string | null;
  @Column('jsonb') arguments!: OperationArguments[OperationName];
  @Column('jsonb') ctx!: Ctx;
  @Column('jsonb', { nullable: true }) fault!: InstanceFault | null;
  @Column('timestamptz') created_at!: Date;
  @Column('timestamptz') changed_at!: Date;
  @Column('timestamptz') sent_at!: Date;
  @Column('timestamptz', { nullable: true }) beat_at!: Date | null;
}

/** A row of `ended_steps`: a step that has ended, until its agent has notified its end. */
@Entity('ended_steps')
export class EndedStepRow {
  @PrimaryColumn('uuid') operation_uuid!: string;
  @PrimaryColumn('text') step!: StepName;
  @PrimaryColumn('int') attempt!: number;
  @Column('uuid') instance_uuid!: string;
  @Column('text') host!: string;
  @Column('jsonb') ctx!: Ctx;
  @Column('text') old_vm_state!: VmState;
  @Column('text', { nullable: true }) old_task_state!: TaskState | null;
  @Column('jsonb', { nullable: true }) fault!: InstanceFault | null;
  /** What the operation was about, as its end is notified with. */
  @Column('jsonb', { nullable: true }) subject!: unknown;
  @Column('timestamptz') ended_at!: Date;
}
