import { type CastMessage, castMessage, schema } from '@kilonova/util';

const { integer, object, uuid } = schema;

/** There is a step for you. Everything else is in the operation's row, and is asked for when the step is taken. */
export interface StepTicket {
  readonly operation_uuid: string;
  readonly instance_uuid: string;
  /** 1 for the first host; grows with each alternate. */
  readonly attempt: number;
}

export const ticketMembers = { operation_uuid: uuid, instance_uuid: uuid, attempt: integer(1, 1_000_000) } as const;
export const ticketSchema = object<StepTicket>(ticketMembers);

/** The message that tells an agent of a step; the step is named like it. */
export interface StepMessage<Name extends string = string> extends CastMessage<StepTicket, 'compute'> {
  readonly name: Name;
}

/** The message of a step: a ticket to one agent of the cell. */
export const stepMessage = <const Name extends string>(name: Name): StepMessage<Name> => ({
  ...castMessage({ name, topic: 'compute', level: 'cell', version: '2.0', args: ticketSchema }),
  name,
});
