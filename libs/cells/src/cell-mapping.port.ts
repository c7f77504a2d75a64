/** A cell as the API database knows it. URLs may be templates; see `resolveConnection`. */
export interface CellMapping {
  readonly id: number;
  readonly uuid: string;
  readonly name: string;
  readonly transport_url: string;
  readonly database_connection: string;
  readonly disabled: boolean;
}

/** The cell of servers that never got a host: a database without a broker. */
export const CELL0_UUID = '00000000-0000-0000-0000-000000000000';
/** The transport URL of cell0. */
export const NO_TRANSPORT = 'none:///';

/** Where the registry learns which cells there are; the API database's repository, or one fixed cell. */
export abstract class CellMappingSource {
  abstract list(): Promise<readonly CellMapping[]>;
}
