/** Rows of one cell that are told apart from those of others; a cell has fewer of a kind than this. */
const SPAN = 1_000_000;
const API_LEVEL = 0;

/** A row of a cell, or of the API level (cell id 0). */
export interface RowAddress {
  readonly cellId: number;
  readonly id: number;
}

/**
 * The number that stands for a row where clients know integers (up to 2.52): unique over all cells, and the same for as
 * long as the row lives.
 */
export const wideId = (cellId: number | undefined, id: number): number => (cellId ?? API_LEVEL) * SPAN + id;

export const rowAddress = (wide: number): RowAddress => ({ cellId: Math.floor(wide / SPAN), id: wide % SPAN });
