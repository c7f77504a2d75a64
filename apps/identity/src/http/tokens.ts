/** Injection token of the catalog: `readonly Service[]`. */
export const CATALOG = Symbol('catalog');
