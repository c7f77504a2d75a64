import { Command } from 'commander';
import { CONNECTIONS, type ConnectionFlags, connections, flagOf } from '../up/connections.js';
import { heldShape, shapeOf } from '../up/shape.js';
import { checkUpOptions, UP_DEFAULTS, type UpOptions } from '../up/up-options.js';

/** The words of `up`'s command line. */
export type UpFlags = ConnectionFlags &
  Omit<UpOptions, 'cells' | 'hosts' | 'brokenHosts' | 'networks'> & {
    readonly cells?: number;
    readonly hosts?: number;
    readonly brokenHost?: readonly string[];
    readonly network?: readonly string[];
    readonly detach?: boolean;
  };

const D = UP_DEFAULTS;

const SECRETS = `
A URL with a password need not stand on the command line: the option takes @FILE, and there are --amqp-file,
--amqp-management-file, --postgres-file, and the variables KILONOVA_UP_AMQP, KILONOVA_UP_AMQP_MANAGEMENT,
KILONOVA_UP_POSTGRES, each also with _FILE.`;

/** Declares every option of `kilonova up`. */
export const withUpFlags = (command: Command): Command =>
  command
    .option('--state-dir <folder>', 'everything of this cloud is kept here', D.stateDir)
    .option(
      '--port-base <port>',
      'the first of five ports that are taken: identity, image, placement, compute, PostgreSQL',
      Number,
      D.portBase,
    )
    .option('--cells <n>', `cells (default: as the state folder holds, ${D.cells} in a new one); fewer are refused`, Number)
    .option('--hosts <n>', `simulated hosts in each cell (default: likewise, ${D.hosts}); fewer are refused`, Number)
    .option('--agents <n>', 'agent processes in each cell; the hosts are dealt out to them', Number, D.agents)
    .option('--amqp <url>', 'a RabbitMQ; every service is its own process then. Without it: one process, an in-process bus')
    .option('--amqp-file <file>', 'a file that holds this URL')
    .option(
      '--amqp-management <url>',
      "RabbitMQ's management API, to make a virtual host per cell (default: port 15672 of the same host)",
    )
    .option('--amqp-management-file <file>', 'a file that holds this URL')
    .option('--postgres <url>', 'an existing PostgreSQL server; without it one of its own in the state folder')
    .option('--postgres-file <file>', 'a file that holds this URL')
    .option('--database-prefix <text>', 'begins the names of the databases', D.databasePrefix)
    .option('--max-attempts <n>', 'hosts that a build is tried on; 1: a failed spawn ends in ERROR', Number, D.maxAttempts)
    .option('--notification-format <format>', 'versioned, unversioned or both', D.notificationFormat)
    .option('--host-vcpus <n>', 'CPUs of each simulated host', Number, D.hostVcpus)
    .option('--host-memory-mb <n>', 'MiB of memory of each simulated host', Number, D.hostMemoryMb)
    .option('--host-disk-gb <n>', 'GiB of disk of each simulated host', Number, D.hostDiskGb)
    .option('--cpu-allocation-ratio <x>', 'virtual CPUs offered for each CPU', Number, D.cpuAllocationRatio)
    .option('--spawn-delay-ms <n>', 'how long a simulated spawn takes', Number, D.spawnDelayMs)
    .option('--broken-host <host...>', 'hosts on which every spawn fails; <state>/fake-driver.json changes it while running')
    .option(
      '--network <name=a.b.c...>',
      'networks that all projects share, in memory; a.b.c begins their addresses; not with --amqp',
    )
    .option('--log-level <level>', 'debug, info, warn, error or silent', D.logLevel)
    .option('--log-max-mb <n>', 'MiB that each log file may hold; one older file of each is kept', Number, D.logMaxMb)
    .option('--no-proof', 'do not boot a server in each cell')
    .option('--detach', 'return when the cloud is up, and leave it running')
    .addHelpText('after', SECRETS);

/** What to start. Nothing is made or connected to yet. @throws AppError with every fault. */
export function upOptions(flags: UpFlags): UpOptions {
  const shape = shapeOf(flags, heldShape(flags.stateDir));
  const options = {
    ...D,
    ...flags,
    ...connections(flags),
    ...shape,
    brokenHosts: flags.brokenHost ?? [],
    networks: flags.network ?? [],
  };
  checkUpOptions(options);
  return options;
}

const CONNECTION_FLAGS = CONNECTIONS.flatMap((name) => [flagOf(name), `${flagOf(name)}-file`]);

/** Command-line words without those that name servers, and without `--detach`. */
export function withoutConnections(words: readonly string[]): readonly string[] {
  return words.filter((word, index) => {
    if (word === '--detach' || CONNECTION_FLAGS.some((flag) => word === flag || word.startsWith(`${flag}=`))) return false;
    return !CONNECTION_FLAGS.includes(words[index - 1] ?? '');
  });
}
