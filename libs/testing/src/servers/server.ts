/** A PostgreSQL that a run may make databases on. */
export interface PostgresForTests {
  /** Of a user that may create databases. */
  readonly url: string;
  readonly from: string;
  stop(): Promise<void>;
}

/** A RabbitMQ that a run may make virtual hosts on. */
export interface RabbitmqForTests {
  readonly url: string;
  /** `http://user:password@host:port` of the management API. */
  readonly managementUrl: string;
  readonly from: string;
  stop(): Promise<void>;
}

/** One way to come by the servers; undefined = not this way on this machine. */
export interface ServerSource {
  postgres(): Promise<PostgresForTests | undefined>;
  rabbitmq(): Promise<RabbitmqForTests | undefined>;
}

export const leaveRunning = (): Promise<void> => Promise.resolve();
