/** A cell has fewer rows of a kind than this. */
const SPAN = 1_000_000;
/** Rows of the API level. */
const NO_CELL = 0;

/**
 * The number that stands for a row where clients know integers (up to 2.52): unique over all cells, and the same for as
 * long as the row lives.
 */
export const wideId = (cellId: number | undefined, id: number): number => (cellId ?? NO_CELL) * SPAN + id;
