import { castMessage, schema } from '@kilonova/util';

const { list, nameText, nullable, object, oneOf, text, uuid } = schema;

const EXTERNAL_EVENT_STATUSES = ['completed', 'failed', 'in-progress'] as const;

/** What another service tells about an instance: a port is plugged, a volume has grown … */
export interface ExternalInstanceEvent {
  readonly instance_uuid: string;
  readonly name: string;
  readonly status: (typeof EXTERNAL_EVENT_STATUSES)[number];
  /** Which port, volume or device; null where the kind needs none. */
  readonly tag: string | null;
}

export interface ExternalInstanceEvents {
  readonly events: readonly ExternalInstanceEvent[];
}

/** API → agent of the host that the instances are on, or move from or to. */
export const externalInstanceEvent = castMessage({
  name: 'external_instance_event',
  topic: 'compute',
  level: 'cell',
  version: '1.0',
  args: object<ExternalInstanceEvents>({
    events: {
      ...list(
        object<ExternalInstanceEvent>({
          instance_uuid: uuid,
          name: nameText(),
          status: oneOf(EXTERNAL_EVENT_STATUSES),
          tag: nullable(text()),
        }),
      ),
      minItems: 1,
    },
  }),
});
