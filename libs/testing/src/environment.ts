/** What the environment may say about the servers of a test run; names and defaults are told in docs/testing.md. */
export interface TestEnvironment {
  readonly postgresUrl?: string;
  readonly amqpUrl?: string;
  /** Default: the AMQP URL's host and credentials on port 15672. */
  readonly amqpManagementUrl?: string;
  readonly containerSocket: string;
  readonly postgresImage: string;
  readonly rabbitmqImage: string;
}

const given = (name: string): string | undefined => process.env[name] || undefined;

export const readEnvironment = (): TestEnvironment => ({
  postgresUrl: given('KILONOVA_TEST_POSTGRES_URL'),
  amqpUrl: given('KILONOVA_TEST_AMQP_URL'),
  amqpManagementUrl: given('KILONOVA_TEST_AMQP_MANAGEMENT_URL'),
  containerSocket: given('DOCKER_HOST') ?? 'unix:///var/run/docker.sock',
  postgresImage: given('KILONOVA_TEST_POSTGRES_IMAGE') ?? 'postgres:17',
  rabbitmqImage: given('KILONOVA_TEST_RABBITMQ_IMAGE') ?? 'rabbitmq:4-management',
});

/** How long tests of load and chance take; a longer run of one file is asked for through the environment. */
export interface TestLength {
  /** Seconds of load. */
  readonly seconds: number;
  /** Generated cases. */
  readonly runs: number;
  /** Of generated cases: a failed run prints its own, to be run again. */
  readonly seed: number | undefined;
}

/** `usual` holds for what KILONOVA_TEST_SECONDS, KILONOVA_TEST_RUNS and KILONOVA_TEST_SEED leave open. */
export function testLength(usual: Partial<TestLength>): TestLength {
  const number = (name: string): number | undefined => (given(name) === undefined ? undefined : Number(given(name)));
  return {
    seconds: number('KILONOVA_TEST_SECONDS') ?? usual.seconds ?? 5,
    runs: number('KILONOVA_TEST_RUNS') ?? usual.runs ?? 100,
    seed: number('KILONOVA_TEST_SEED') ?? usual.seed,
  };
}
