import 'reflect-metadata';
import { callMessage, castMessage, resultOf, schema } from '@kilonova/util';
import { expect, it } from 'vitest';
import type { MessageBus } from '../port/message-bus.js';
import { Handles } from './handles.js';
import type { RpcContext } from './rpc-context.js';

const { integer, object, optional, text } = schema;

interface Args {
  readonly id: number;
  readonly note?: string;
}

const args = object<Args>({ id: integer(), note: optional(text()) });
const find = callMessage({
  name: 'find',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args,
  result: resultOf<string | null>(),
});
const build = castMessage({ name: 'build', topic: 'compute', level: 'cell', version: '1.0', args });

// The compiler is what is tested: an expectation of an error that does not come is an error.

export class Fitting {
  @Handles(find)
  async whole(_args: Args, _rpc: RpcContext): Promise<string | null> {
    return null;
  }
  @Handles(find)
  needsLess(_args: { readonly id: number }): string {
    return '';
  }
  @Handles(build)
  async cast(): Promise<void> {}
}

export class Unfitting {
  // @ts-expect-error the arguments are of another type
  @Handles(find)
  async otherArguments(_args: { readonly id: string }): Promise<string | null> {
    return null;
  }
  // @ts-expect-error more is wanted than the message promises
  @Handles(find)
  async wantsMore(_args: { readonly id: number; readonly note: string }): Promise<string | null> {
    return null;
  }
  // @ts-expect-error the result is of another type
  @Handles(find)
  async otherResult(_args: Args): Promise<number> {
    return 1;
  }
  // @ts-expect-error a cast has no result
  @Handles(build)
  async answersCast(_args: Args): Promise<string> {
    return '';
  }
}

export const schemas = () => [
  // @ts-expect-error a member is missing
  object<Args>({ id: integer() }),
  // @ts-expect-error an optional member is demanded
  object<Args>({ id: integer(), note: text() }),
  // @ts-expect-error a member is of another type
  object<Args>({ id: text(), note: optional(text()) }),
  // @ts-expect-error there is no such member
  object<Args>({ id: integer(), note: optional(text()), more: text() }),
];

export async function senders(bus: MessageBus, ctx: Parameters<MessageBus['call']>[0]): Promise<string | null> {
  // @ts-expect-error a member has another type
  await bus.call(ctx, find, { topic: 'conductor' }, { id: 'x' });
  // @ts-expect-error another service handles it
  await bus.call(ctx, find, { topic: 'scheduler' }, { id: 1 });
  // @ts-expect-error an agent is addressed with its host
  await bus.cast(ctx, build, { topic: 'compute' }, { id: 1 });
  // @ts-expect-error a call is no cast
  await bus.cast(ctx, find, { topic: 'conductor' }, { id: 1 });
  // @ts-expect-error nor a cast a call
  await bus.call(ctx, build, { topic: 'compute', host: 'h' }, { id: 1 });
  await bus.cast(ctx, build, { topic: 'compute', host: 'h' }, { id: 1, note: 'n' });
  return bus.call(ctx, find, { topic: 'conductor' }, { id: 1 });
}

it('describes arguments as their type does', () => {
  expect(args).toEqual({
    type: 'object',
    properties: { id: expect.objectContaining({ type: 'integer' }), note: { type: 'string', maxLength: 255 } },
    required: ['id'],
  });
});
