import { always, object, oneOf, versions, wrapped } from './kit.js';

const PROTOCOLS = ['vnc', 'spice', 'serial', 'rdp'];
const TYPES = ['novnc', 'xvpvnc', 'spice-html5', 'serial', 'rdp-html5'];
const console_ = (protocols: readonly string[], types: readonly string[]) =>
  wrapped('remote_console', object({ protocol: oneOf(...protocols), type: oneOf(...types) }, ['protocol', 'type']));

/** POST /servers/{id}/remote-consoles. */
export const remoteConsole = versions(['2.6', console_(PROTOCOLS, TYPES)], ['2.8', console_([...PROTOCOLS, 'mks'], [...TYPES, 'webmks'])]);

const legacy = (action: string, ...types: readonly string[]) => always(wrapped(action, object({ type: oneOf(...types) }, ['type'])));

/** The actions that came before. */
export const vncConsole = legacy('os-getVNCConsole', 'novnc', 'xvpvnc');
export const spiceConsole = legacy('os-getSPICEConsole', 'spice-html5');
export const serialConsole = legacy('os-getSerialConsole', 'serial');
