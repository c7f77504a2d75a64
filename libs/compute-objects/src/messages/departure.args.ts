/** Servers whose rows went to their cell's archive. */
export interface SettleDepartures {
  readonly instance_uuids: readonly string[];
}

/** Servers that were deleted with delay. */
export interface ReleaseQuota {
  readonly instance_uuids: readonly string[];
}
