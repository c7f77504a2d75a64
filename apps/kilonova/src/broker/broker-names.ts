/** The virtual host of the API level (`api`) or of a cell. */
export const vhostOf = (name: string): string => `kilonova_${name}`;

/** The name of a broker user's password. */
export const brokerSecret = (user: string): string => `rabbitmq-${user}`;

/** The URL of a user in the virtual host of the API level or of a cell. */
export type BrokerLogin = (user: string, name: string) => string;
