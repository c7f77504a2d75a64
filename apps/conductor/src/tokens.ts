/** The cell's database in a cell conductor. */
export const CELL_SQL = Symbol('cell sql');
