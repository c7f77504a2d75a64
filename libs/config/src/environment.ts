/** Names and values of the process environment; a test passes its own. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment of this process. Nothing outside this package reads it. */
export const processEnvironment = (): Environment => process.env;
