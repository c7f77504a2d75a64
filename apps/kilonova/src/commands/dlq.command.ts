import { type DeadLetter, type KeptReason, type LetterSelection, openDeadLetters, type ServiceTopic } from '@kilonova/messaging';
import { Command } from 'commander';
import { controlReply } from '../control/control-client.js';
import { StateDir } from '../up/state-dir.js';
import { textTable } from '../up/text-table.js';
import { UP_DEFAULTS } from '../up/up-options.js';
import { printable } from './printable.js';

interface DlqFlags {
  readonly stateDir: string;
  readonly cell?: string;
  readonly topic?: string;
  readonly amqp?: string;
  readonly force?: boolean;
  readonly controlPlane?: readonly string[];
}

interface Shelf {
  readonly cell: string;
  readonly topic: ServiceTopic;
  readonly url: string;
}

const TOPICS: readonly ServiceTopic[] = ['conductor', 'scheduler', 'compute'];

/** `kilonova dlq list|show|replay|drop` */
export const dlqCommand = (): Command =>
  new Command('dlq')
    .description('Dead letters: messages that their handlers gave up on, kept for an operator.')
    .addCommand(shelfCommand('list', 'List them, the oldest first.').action(list))
    .addCommand(shelfCommand('show', 'Show one with its arguments and the reason.').argument('<message-id>').action(show))
    .addCommand(
      shelfCommand('replay', 'Send them to their targets again.')
        .argument('<message-id...>', 'ids, or `all`')
        .option('--force', 'also what guards refused, and what others than the server of its queue put there')
        .action(replay),
    )
    .addCommand(shelfCommand('drop', 'Delete them.').argument('<message-id...>', 'ids, or `all`').action(drop));

const shelfCommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .option('--state-dir <folder>', 'the folder given to `up`', UP_DEFAULTS.stateDir)
    .option('--cell <name>', 'only of this cell (api: the API level)')
    .option('--topic <topic>', 'only of conductor, scheduler or compute')
    .option('--amqp <url>', 'this broker instead of those of a running cloud; needs --cell')
    .option(
      '--control-plane <user...>',
      'the broker users of the control plane, where they are not controller and conductor.<cell>',
    );

async function list(flags: DlqFlags): Promise<void> {
  const found = await onShelves(flags, async (shelf, letters) =>
    (await letters.list(shelf.topic)).map((letter) => ({ shelf, letter })),
  );
  const rows = found
    .flat()
    .map(({ shelf, letter }) => [
      letter.messageId,
      shelf.cell,
      targetOf(letter),
      letter.method,
      senderOf(letter),
      new Date(letter.diedAt).toISOString(),
      letter.reason.message,
    ])
    .map((cells) => cells.map(printable));
  process.stdout.write(`${textTable(['message', 'cell', 'target', 'method', 'sender', 'died', 'reason'], rows)}\n`);
}

async function show(messageId: string, flags: DlqFlags): Promise<void> {
  const found = (await onShelves(flags, (shelf, letters) => letters.show(shelf.topic, messageId))).find(
    (letter) => letter !== undefined,
  );
  if (found === undefined) throw new Error(`there is no dead letter ${printable(messageId)}`);
  // Line by line: JSON escapes what breaks lines, and leaves what is no ASCII as it is.
  process.stdout.write(`${JSON.stringify(found, null, 2).split('\n').map(printable).join('\n')}\n`);
}

async function replay(ids: readonly string[], flags: DlqFlags): Promise<void> {
  const force = flags.force === true;
  const results = await onShelves(flags, (shelf, letters) => letters.replay(shelf.topic, selection(ids), { force }));
  const [sent, kept] = [results.flatMap((result) => result.sent), results.flatMap((result) => result.kept)];
  process.stdout.write(`${sent.length} sent again\n`);
  for (const { messageId, why } of kept) process.stderr.write(`kept ${printable(messageId)}: ${WHY_KEPT[why]}\n`);
  if (!ids.includes('all') && kept.length > 0) process.exitCode = 1;
  assertKnown(ids, [...sent, ...kept.map(({ messageId }) => messageId)]);
}

async function drop(ids: readonly string[], flags: DlqFlags): Promise<void> {
  const dropped = (await onShelves(flags, (shelf, letters) => letters.drop(shelf.topic, selection(ids)))).flat();
  process.stdout.write(`${dropped.length} deleted\n`);
  assertKnown(ids, dropped);
}

const WHY_KEPT: Readonly<Record<KeptReason, string>> = {
  refused: 'a guard refused it; --force sends it all the same, under the name of its first sender',
  forged: 'it was put there by somebody who does not serve its queue; --force sends it under the name of that one',
  'foreign-queue': 'it names a queue that is none of this topic',
  'no-body': 'it was kept without its body, which was too large',
  unroutable: 'its queue is gone',
};

function assertKnown(ids: readonly string[], found: readonly string[]): void {
  const unknown = ids.filter((id) => id !== 'all' && !found.includes(id));
  if (unknown.length > 0) throw new Error(`there is no dead letter ${unknown.map(printable).join(', ')}`);
}

const selection = (ids: readonly string[]): LetterSelection => (ids.includes('all') ? 'all' : ids);

const targetOf = ({ target }: DeadLetter): string =>
  target.host === undefined ? target.topic : `${target.topic}.${target.host}`;

const senderOf = ({ sender }: DeadLetter): string => (sender === null ? '?' : sender.kind === 'local' ? '' : sender.name);

type Letters = ReturnType<typeof openDeadLetters>;

/** Does something with the dead letters of each cell and topic that the flags name. */
async function onShelves<T>(flags: DlqFlags, task: (shelf: Shelf, letters: Letters) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (const shelf of await shelves(flags)) {
    const letters = openDeadLetters({ ...shelf, ...(flags.controlPlane && { controlPlaneUsers: flags.controlPlane }) });
    try {
      results.push(await task(shelf, letters));
    } finally {
      await letters.close();
    }
  }
  return results;
}

async function shelves(flags: DlqFlags): Promise<readonly Shelf[]> {
  const cells = flags.amqp === undefined ? await runningCells(flags) : [{ cell: flags.cell ?? 'api', url: flags.amqp }];
  if (cells.some((cell) => cell.url.startsWith('memory:')))
    throw new Error('the in-process bus keeps its dead letters to itself; start the cloud with --amqp');
  const topics = TOPICS.filter((topic) => flags.topic === undefined || flags.topic === topic);
  return cells
    .filter((cell) => flags.cell === undefined || cell.cell === flags.cell)
    .flatMap((cell) => topics.map((topic) => ({ ...cell, topic })));
}

function runningCells(flags: DlqFlags): Promise<ReadonlyArray<{ readonly cell: string; readonly url: string }>> {
  return controlReply(StateDir.existing(flags.stateDir).controlSocket, 'cells');
}
