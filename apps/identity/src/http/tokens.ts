/** Injection token of the catalog: `readonly Service[]`. */
export const CATALOG = Symbol('catalog');

/** Injection token of the clock: `() => number`, epoch milliseconds. */
export const CLOCK = Symbol('clock');
