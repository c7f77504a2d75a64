import { always, bool, listOf, nullable, object, oneOf, text, uuid, versions, wrapped } from '../common/schema-kit.js';

const PROTOCOLS = ['vnc', 'spice', 'serial', 'rdp'];
const TYPES = ['novnc', 'xvpvnc', 'spice-html5', 'serial', 'rdp-html5'];
const console_ = (protocols: readonly string[], types: readonly string[]) =>
  wrapped('remote_console', object({ protocol: oneOf(...protocols), type: oneOf(...types) }, ['protocol', 'type']));

/** POST /servers/{id}/remote-consoles. */
export const remoteConsole = versions(
  ['2.6', console_(PROTOCOLS, TYPES)],
  ['2.8', console_([...PROTOCOLS, 'mks'], [...TYPES, 'webmks'])],
);

const legacy = (action: string, ...types: readonly string[]) =>
  always(wrapped(action, object({ type: oneOf(...types) }, ['type'])));

/** The actions that came before. */
export const vncConsole = legacy('os-getVNCConsole', 'novnc', 'xvpvnc');
export const spiceConsole = legacy('os-getSPICEConsole', 'spice-html5');
export const serialConsole = legacy('os-getSerialConsole', 'serial');

const tag = { type: 'string', minLength: 1, maxLength: 60, pattern: '^[^,/]*$' };
const volume = { volumeId: uuid, device: nullable(text(1)) };
const attachment = (properties: Readonly<Record<string, Record<string, unknown>>>) =>
  wrapped('volumeAttachment', object(properties, ['volumeId']));

/** POST /servers/{id}/os-volume_attachments. */
export const attachVolume = versions(
  ['2.1', attachment(volume)],
  ['2.49', attachment({ ...volume, tag })],
  ['2.79', attachment({ ...volume, tag, delete_on_termination: bool })],
);

const port = {
  net_id: uuid,
  port_id: uuid,
  fixed_ips: listOf(object({ ip_address: { type: 'string', format: 'ip' } }, ['ip_address']), { minItems: 1, maxItems: 1 }),
};

/** POST /servers/{id}/os-interface. */
export const attachInterface = versions(
  ['2.1', object({ interfaceAttachment: object(port) })],
  ['2.49', object({ interfaceAttachment: object({ ...port, tag }) })],
);

const named = (action: string) => always(wrapped(action, object({ name: text(1) }, ['name'])));
export const addSecurityGroup = named('addSecurityGroup');
export const removeSecurityGroup = named('removeSecurityGroup');
