import type { JsonSchema, Schema } from './schema.js';

/** The services that take messages. `compute` is addressed with a host, the others without. */
export type ServiceTopic = 'conductor' | 'scheduler' | 'compute';

/** Whose broker carries a message: the one beside the API, or a cell's. */
export type MessageLevel = 'api' | 'cell';

/** Major and minor. A minor only adds members that may be left out; a major is understood by its own kind alone. */
export type MessageVersion = `${number}.${number}`;

/** What a message says of itself at run time. */
export interface MessageInfo {
  /** The method's name on the wire; frozen once released. */
  readonly name: string;
  readonly topic: ServiceTopic;
  readonly kind: 'call' | 'cast';
  readonly level: MessageLevel;
  readonly version: MessageVersion;
  /** Of its arguments. */
  readonly args: JsonSchema;
}

declare const types: unique symbol;

/** A message with a response. */
export interface CallMessage<Args, Result, Topic extends ServiceTopic = ServiceTopic> extends MessageInfo {
  readonly topic: Topic;
  readonly kind: 'call';
  readonly [types]?: (args: Args) => readonly [Args, Result];
}

/** A message without a response, for one server or for all of its topic. */
export interface CastMessage<Args, Topic extends ServiceTopic = ServiceTopic> extends MessageInfo {
  readonly topic: Topic;
  readonly kind: 'cast';
  readonly [types]?: (args: Args) => Args;
}

/** The type of a message's arguments. */
export type ArgsOf<M extends MessageInfo> = M extends { readonly [types]?: (args: infer Args) => unknown } ? Args : never;

interface Definition<Args, Topic extends ServiceTopic> {
  readonly name: string;
  readonly topic: Topic;
  readonly level: MessageLevel;
  readonly version: MessageVersion;
  readonly args: Schema<Args>;
}

declare const carried: unique symbol;

/** A type on its way into an inferred parameter; nothing at run time. */
export interface TypeOf<T> {
  readonly [carried]?: T;
}

/** Names the type of a result: `result: resultOf<Instance | null>()`. */
export const resultOf = <T>(): TypeOf<T> => ({});

/** Defines a call. Senders pass the value, handlers are declared with it. */
export const callMessage = <Args, Result, Topic extends ServiceTopic>({
  result: _result,
  ...definition
}: Definition<Args, Topic> & { readonly result: TypeOf<Result> }): CallMessage<Args, Result, Topic> => ({
  ...definition,
  kind: 'call',
});

/** Defines a cast. */
export const castMessage = <Args, Topic extends ServiceTopic>(definition: Definition<Args, Topic>): CastMessage<Args, Topic> => ({
  ...definition,
  kind: 'cast',
});

/** Whether a receiver of `own` understands a message of version `received`: the same major, whatever the minor. */
export const understands = (own: MessageVersion, received: string): boolean =>
  /^\d{1,9}\.\d{1,9}$/.test(received) && received.split('.')[0] === own.split('.')[0];
