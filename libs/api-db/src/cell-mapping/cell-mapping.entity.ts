import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `cell_mappings`. */
@Entity('cell_mappings')
export class CellMappingRow {
  @PrimaryColumn('int') id!: number;
  @Column('uuid') uuid!: string;
  @Column('text') name!: string;
  @Column('text') transport_url!: string;
  @Column('text') database_connection!: string;
  @Column('boolean') disabled!: boolean;
  @Column('timestamptz') created_at!: Date;
  @Column('timestamptz', { nullable: true }) updated_at!: Date | null;
}
