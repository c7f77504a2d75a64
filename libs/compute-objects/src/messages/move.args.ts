/** An operation of a cell that the API level has something to do for; everything else is read from its row. */
export interface OperationTicket {
  readonly operation_uuid: string;
  readonly instance_uuid: string;
}

export interface SettleHolding {
  readonly instance_uuid: string;
}
