import { callMessage, castMessage, resultOf, schema } from '@kilonova/util';
import {
  CONSOLE_PROTOCOLS,
  type ConsoleOutcome,
  type ConsoleOutput,
  type DiagnosticsOutcome,
  type InjectionOutcome,
  type QuiesceOutcome,
} from '../guest.js';
import type { GetConsoleOutput, GuestRef, OpenConsole, QuiesceGuest } from './guest.args.js';

const { integer, nameText, nullable, object, oneOf, uuid } = schema;

const ofGuest = { host: nameText(), instance_uuid: uuid } as const;

/** API → agent: what a guest has written to its console. */
export const getConsoleOutput = callMessage({
  name: 'get_console_output',
  topic: 'compute',
  level: 'cell',
  version: '1.0',
  args: object<GetConsoleOutput>({ ...ofGuest, length: nullable(integer(0)) }),
  result: resultOf<ConsoleOutput>(),
});

/** API → agent: the counters of a guest that runs. */
export const getDiagnostics = callMessage({
  name: 'get_diagnostics',
  topic: 'compute',
  level: 'cell',
  version: '1.0',
  args: object<GuestRef>(ofGuest),
  result: resultOf<DiagnosticsOutcome>(),
});

/** API → agent: where the console of a guest is, and the proxy in front of it. */
export const openConsole = callMessage({
  name: 'open_console',
  topic: 'compute',
  level: 'cell',
  version: '1.0',
  args: object<OpenConsole>({ ...ofGuest, protocol: oneOf(CONSOLE_PROTOCOLS), type: nameText(32) }),
  result: resultOf<ConsoleOutcome>(),
});

/** API → agent: a guest is told of its network anew. */
export const injectNetworkInfo = callMessage({
  name: 'inject_network_info',
  topic: 'compute',
  level: 'cell',
  version: '1.0',
  args: object<GuestRef>(ofGuest),
  result: resultOf<InjectionOutcome>(),
});

/** API → agent: the file systems of a guest are written out, and take nothing more, until it is told to go on. */
export const quiesceGuest = callMessage({
  name: 'quiesce_guest',
  topic: 'compute',
  level: 'cell',
  version: '1.0',
  args: object<QuiesceGuest>({ ...ofGuest, seconds: integer(1, 3_600) }),
  result: resultOf<QuiesceOutcome>(),
});

/** API → agent: a quiesced guest goes on; one that does already is left alone. */
export const unquiesceGuest = callMessage({
  name: 'unquiesce_guest',
  topic: 'compute',
  level: 'cell',
  version: '1.0',
  args: object<GuestRef>(ofGuest),
  result: resultOf<InjectionOutcome>(),
});

/** Cell → agent: the server is gone, and the host was an end of a move of it; whatever there is of its guest goes too. */
export const forgetGuest = castMessage({
  name: 'forget_guest',
  topic: 'compute',
  level: 'cell',
  version: '1.0',
  args: object<GuestRef>(ofGuest),
});
