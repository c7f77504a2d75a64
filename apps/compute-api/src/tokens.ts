/** The API database: an initialised `DataSource`. */
export const API_SQL = Symbol('API_SQL');
/** The process's `Logger`. */
export const LOGGER = Symbol('LOGGER');
