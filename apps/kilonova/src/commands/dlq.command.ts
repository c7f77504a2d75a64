import { type DeadLetter, type LetterSelection, openDeadLetters, type ServiceTopic } from '@kilonova/messaging';
import { Command } from 'commander';
import { controlReply } from '../control/control-client.js';
import { StateDir } from '../up/state-dir.js';
import { textTable } from '../up/text-table.js';
import { UP_DEFAULTS } from '../up/up-options.js';

interface DlqFlags {
  readonly stateDir: string;
  readonly cell?: string;
  readonly topic?: string;
  readonly amqp?: string;
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
      shelfCommand('replay', 'Send them to their targets again.').argument('<message-id...>', 'ids, or `all`').action(replay),
    )
    .addCommand(shelfCommand('drop', 'Delete them.').argument('<message-id...>', 'ids, or `all`').action(drop));

const shelfCommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .option('--state-dir <folder>', 'the folder given to `up`', UP_DEFAULTS.stateDir)
    .option('--cell <name>', 'only of this cell (api: the API level)')
    .option('--topic <topic>', 'only of conductor, scheduler or compute')
    .option('--amqp <url>', 'this broker instead of those of a running cloud; needs --cell');

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
      new Date(letter.diedAt).toISOString(),
      letter.reason.message,
    ]);
  process.stdout.write(`${textTable(['message', 'cell', 'target', 'method', 'died', 'reason'], rows)}\n`);
}

async function show(messageId: string, flags: DlqFlags): Promise<void> {
  const found = (await onShelves(flags, (shelf, letters) => letters.show(shelf.topic, messageId))).find(
    (letter) => letter !== undefined,
  );
  if (found === undefined) throw new Error(`there is no dead letter ${messageId}`);
  process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
}

async function replay(ids: readonly string[], flags: DlqFlags): Promise<void> {
  const counts = await onShelves(flags, (shelf, letters) => letters.replay(shelf.topic, selection(ids)));
  process.stdout.write(`${total(counts)} sent again\n`);
}

async function drop(ids: readonly string[], flags: DlqFlags): Promise<void> {
  const counts = await onShelves(flags, (shelf, letters) => letters.drop(shelf.topic, selection(ids)));
  process.stdout.write(`${total(counts)} deleted\n`);
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

const selection = (ids: readonly string[]): LetterSelection => (ids.includes('all') ? 'all' : ids);

const targetOf = ({ target }: DeadLetter): string =>
  target.host === undefined ? target.topic : `${target.topic}.${target.host}`;

type Letters = ReturnType<typeof openDeadLetters>;

/** Does something with the dead letters of each cell and topic that the flags name. */
async function onShelves<T>(flags: DlqFlags, task: (shelf: Shelf, letters: Letters) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (const shelf of await shelves(flags)) {
    const letters = openDeadLetters({ url: shelf.url, cell: shelf.cell });
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
