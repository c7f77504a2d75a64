import { type CallMessage, type CastMessage, castMessage, type MessageVersion } from '@kilonova/util';

/** A call with arguments of any type, for specs of the bus itself. */
export const anyCall = <Result = unknown>(name: string, version: MessageVersion = '1.0'): CallMessage<unknown, Result> => ({
  name,
  topic: 'conductor',
  kind: 'call',
  level: 'cell',
  version,
  args: {},
});

/** A cast likewise. */
export const anyCast = (name: string, topic: 'conductor' | 'scheduler' | 'compute' = 'conductor'): CastMessage<unknown> =>
  castMessage({ name, topic, level: 'cell', version: '1.0', args: {} });
