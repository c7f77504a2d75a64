/** The span of microversions that is announced. */
export const MIN_VERSION = '2.1';
export const MAX_VERSION = '2.96';
