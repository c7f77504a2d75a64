import { type BusLog, probeBroker, subscribeNotifications } from '@kilonova/messaging';
import { Command } from 'commander';
import { controlReply, controlStream } from '../control/control-client.js';
import { urlOrFile } from '../up/connections.js';
import { StateDir } from '../up/state-dir.js';
import { UP_DEFAULTS } from '../up/up-options.js';
import { aborted, untilSignal } from './ending.js';
import { type NamedBroker, notificationLine } from './notification-lines.js';

interface TailFlags {
  readonly stateDir: string;
  readonly eventType?: readonly string[];
  readonly cell?: string;
  readonly family: string;
  readonly full?: boolean;
  readonly amqp?: string;
}

const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  versioned: ['versioned_notifications'],
  unversioned: ['notifications'],
  both: ['versioned_notifications', 'notifications'],
};

interface Line {
  readonly cell: string;
  readonly timestamp: string;
  readonly eventType: string;
  readonly publisherId: string;
  readonly payload: unknown;
}

/** `kilonova notifications tail` */
export const notificationsCommand = (): Command =>
  new Command('notifications')
    .description('What the services tell outsiders.')
    .addCommand(
      new Command('tail')
        .description('Print notifications as they happen, one a line.')
        .option('--state-dir <folder>', 'the folder given to `up`', UP_DEFAULTS.stateDir)
        .option('--event-type <glob...>', 'only these, e.g. instance.create.*')
        .option('--cell <name>', 'only what comes from the broker of this cell (api: of the API level)')
        .option('--family <family>', 'versioned, unversioned or both', 'versioned')
        .option('--amqp <url>', 'listen to this broker instead of those of a running cloud; @FILE reads it from a file')
        .option('--full', 'whole messages as JSON')
        .action(tail),
    );

async function tail(flags: TailFlags): Promise<void> {
  const topics = FAMILIES[flags.family];
  if (topics === undefined) throw new Error('--family must be versioned, unversioned or both');
  const show = (line: string): void => void process.stdout.write(`${flags.full === true ? line : brief(line)}\n`);
  await untilSignal(async (signal) => {
    const brokers = await brokersToFollow(flags);
    if (brokers.every((broker) => broker.url.startsWith('memory:'))) return followInside(flags, topics, show, signal);
    const wanted = brokers.filter((broker) => flags.cell === undefined || broker.cell === flags.cell);
    if (wanted.length === 0)
      throw new Error(`no cell is named ${flags.cell}: there are ${brokers.map(({ cell }) => cell).join(', ')}`);
    await followBrokers(wanted, topics, flags.eventType, show, signal);
  });
}

/** An absent broker is told at the start; one that goes away later is waited for. */
async function followBrokers(
  brokers: readonly NamedBroker[],
  topics: readonly string[],
  eventTypes: readonly string[] | undefined,
  show: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  await Promise.race([aborted(signal), Promise.all(brokers.map((broker) => probeBroker(broker.url)))]);
  const subscriptions = brokers.map((broker) =>
    subscribeNotifications({ url: broker.url, topics, eventTypes, log: COMPLAINTS }, (received) =>
      show(notificationLine(broker.cell, received)),
    ),
  );
  try {
    await Promise.race([aborted(signal), Promise.all(subscriptions.map((subscription) => subscription.ready()))]);
    await aborted(signal);
  } finally {
    await Promise.all(subscriptions.map((subscription) => subscription.close()));
  }
}

const complain = ({ reason }: Record<string, unknown>, text: string): void =>
  void process.stderr.write(`kilonova: ${text}${reason === undefined ? '' : `: ${String(reason)}`}\n`);

/** Standard output is for notifications alone. */
const COMPLAINTS: BusLog = { info: () => undefined, warn: complain, error: complain };

async function brokersToFollow(flags: TailFlags): Promise<readonly NamedBroker[]> {
  if (flags.amqp === undefined) return knownBrokers(flags);
  return [{ cell: flags.cell ?? 'api', url: urlOrFile('--amqp', flags.amqp) }];
}

const knownBrokers = (flags: TailFlags): Promise<readonly NamedBroker[]> =>
  controlReply(StateDir.existing(flags.stateDir).controlSocket, 'brokers');

/** The in-process bus is listened to by the cloud itself. */
async function followInside(
  flags: TailFlags,
  topics: readonly string[],
  show: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const query = new URLSearchParams();
  for (const topic of topics) query.append('topic', topic);
  for (const type of flags.eventType ?? []) query.append('type', type);
  if (flags.cell !== undefined) query.append('cell', flags.cell);
  await controlStream(StateDir.existing(flags.stateDir).controlSocket, `notifications?${query}`, show, signal);
  if (!signal.aborted) throw new Error('the cloud has ended');
}

/** `2026-01-31 10:11:12.123  cell1  instance.create.end  nova-compute:host1  <uuid> active` */
function brief(line: string): string {
  const { cell, timestamp, eventType, publisherId, payload } = JSON.parse(line) as Line;
  const data =
    (payload as { 'nova_object.data'?: Record<string, unknown> } | null)?.['nova_object.data'] ??
    (payload as Record<string, unknown> | null) ??
    {};
  const subject = [data['uuid'] ?? data['instance_uuid'] ?? data['instance_id'], data['state'], data['task_state']].filter(
    (part) => typeof part === 'string' && part !== '',
  );
  return [String(timestamp).slice(0, 23), cell, eventType, publisherId, subject.join(' ')].join('  ').trimEnd();
}
