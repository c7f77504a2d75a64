/** The span of microversions that is announced. */
export const MIN_VERSION = '2.1';
export const MAX_VERSION = '2.96';

/**
 * Versions of what is Kilonova's own, asked for beside the microversion (`compute 2.96, kilonova 1.0`): who does not ask for
 * them gets the API as it is published.
 */
export const EXTENSIONS = { min: '1.0', max: '1.2' } as const;
