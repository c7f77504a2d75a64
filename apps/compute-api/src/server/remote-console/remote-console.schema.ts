import type { JsonSchema, SchemaVersion } from '@kilonova/http';
import { always, object, oneOf, versions, wrapped } from '../../common/schema-kit.js';

const PROTOCOLS = ['vnc', 'spice', 'serial', 'rdp'];
const TYPES = ['novnc', 'xvpvnc', 'spice-html5', 'serial', 'rdp-html5'];
const wanted = (protocols: readonly string[], types: readonly string[]): JsonSchema =>
  wrapped('remote_console', object({ protocol: oneOf(...protocols), type: oneOf(...types) }, ['protocol', 'type']));

/** POST /servers/{id}/remote-consoles. */
export const remoteConsole = versions(
  ['2.6', wanted(PROTOCOLS, TYPES)],
  ['2.8', wanted([...PROTOCOLS, 'mks'], [...TYPES, 'webmks'])],
);

const legacy = (action: string, ...types: readonly string[]): readonly SchemaVersion[] =>
  always(wrapped(action, object({ type: oneOf(...types) }, ['type'])));

/** The actions that came before. */
export const vncConsole = legacy('os-getVNCConsole', 'novnc', 'xvpvnc');
export const spiceConsole = legacy('os-getSPICEConsole', 'spice-html5');
export const serialConsole = legacy('os-getSerialConsole', 'serial');
