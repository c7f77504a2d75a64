import { type Answers, byKey, either, fields, list, maybe, replacedAt, type Shape, type Success, since } from '@kilonova/http';
import { Since } from '../common/model/microversion.js';
import * as piece from '../common/response-pieces.js';
import { STATUSES } from './core/model/status.js';
import { tried } from './trial/trial.responses.js';

const { bool, bookmark, count, integer, links, microsOrNull, next, seconds, shown, silent, text, textOrNull, uuid, word } = piece;

const linked = fields({ id: text, links: bookmark });
const flavor = replacedAt(
  Since.embeddedFlavor,
  linked,
  fields({
    vcpus: count,
    ram: count,
    disk: count,
    ephemeral: count,
    swap: count,
    original_name: text,
    extra_specs: maybe(byKey(text)),
  }),
);
const fault = fields({ code: integer, created: seconds, message: text, details: maybe(text) });
const address = fields({ addr: text, version: word(4, 6), 'OS-EXT-IPS:type': text, 'OS-EXT-IPS-MAC:mac_addr': text });
const volume = fields({ id: text, delete_on_termination: since(Since.moreServerAttributes, bool) });
const image = either(word(''), linked);

/** What every response that shows a server has. */
const common = {
  id: uuid,
  name: textOrNull,
  status: word(...STATUSES),
  tenant_id: text,
  user_id: text,
  metadata: byKey(text),
  hostId: text,
  image,
  flavor,
  created: seconds,
  updated: seconds,
  addresses: byKey(list(address)),
  accessIPv4: text,
  accessIPv6: text,
  links,
  'OS-DCF:diskConfig': word('AUTO', 'MANUAL'),
  fault: maybe(fault),
  progress: maybe(count),
};
const byVersion = {
  locked: since(Since.serverLocked, bool),
  locked_reason: since(Since.lockedReason, textOrNull),
  description: since(Since.serverDescription, textOrNull),
  tags: since(Since.serverTags, list(text, { maxItems: 50 })),
  trusted_image_certificates: since(Since.trustedCertificates, { anyOf: [list(text).at(0), piece.nil] }),
  pinned_availability_zone: since(Since.pinnedZone, textOrNull),
};
/** For administrators. */
const extended = {
  'OS-EXT-SRV-ATTR:host': maybe(textOrNull),
  'OS-EXT-SRV-ATTR:instance_name': maybe(text),
  'OS-EXT-SRV-ATTR:hypervisor_hostname': maybe(textOrNull),
  'OS-EXT-SRV-ATTR:reservation_id': since(Since.moreServerAttributes, maybe(text)),
  'OS-EXT-SRV-ATTR:launch_index': since(Since.moreServerAttributes, maybe(count)),
  'OS-EXT-SRV-ATTR:kernel_id': since(Since.moreServerAttributes, maybe(text)),
  'OS-EXT-SRV-ATTR:ramdisk_id': since(Since.moreServerAttributes, maybe(text)),
  'OS-EXT-SRV-ATTR:root_device_name': since(Since.moreServerAttributes, maybe(textOrNull)),
  'OS-EXT-SRV-ATTR:user_data': since(Since.moreServerAttributes, maybe(textOrNull)),
};
const whole = {
  ...common,
  ...extended,
  ...byVersion,
  'OS-EXT-AZ:availability_zone': text,
  config_drive: word('', 'True'),
  key_name: textOrNull,
  security_groups: maybe(list(fields({ name: text }))),
  'OS-SRV-USG:launched_at': microsOrNull,
  'OS-SRV-USG:terminated_at': microsOrNull,
  'OS-EXT-STS:task_state': textOrNull,
  'OS-EXT-STS:vm_state': text,
  'OS-EXT-STS:power_state': word(0, 1, 3, 4, 6, 7),
  'os-extended-volumes:volumes_attached': list(volume),
  host_status: since(Since.hostStatus, maybe(word('UP', 'DOWN', 'MAINTENANCE', 'UNKNOWN', ''))),
};
const hostname = 'OS-EXT-SRV-ATTR:hostname';
const groups = { server_groups: since(Since.groupsOfServer, list(uuid)) };
/** Everybody sees the hostname from 2.90 on. */
const full = (keys: Parameters<typeof fields>[0]): Shape =>
  replacedAt(
    Since.serverHostname,
    fields({ ...keys, [hostname]: since(Since.moreServerAttributes, maybe(text)) }),
    fields({ ...keys, [hostname]: text }),
  );
const listed = full(whole);
const item = full({ ...whole, ...groups });

const UNKNOWN = word('UNKNOWN');
const partialBrief = fields({ id: uuid, status: UNKNOWN, links });
const partial = { id: uuid, status: UNKNOWN, tenant_id: text, created: seconds, links };
const partialItem = fields({
  ...partial,
  user_id: maybe(text),
  flavor: maybe(flavor),
  image: maybe(image),
  'OS-EXT-AZ:availability_zone': maybe(text),
  'OS-EXT-STS:power_state': maybe(word(0)),
  server_groups: since(Since.groupsOfServer, maybe(list(uuid))),
});
/** Of cells that do not answer little is known, and shown since 2.69. */
const orPartial = (known: Shape, unknown: Shape): Shape => replacedAt(Since.downCells, known, either(known, unknown));

const brief = fields({ id: uuid, name: textOrNull, links });
const changed = replacedAt(Since.strictQueries, fields({ ...common, ...byVersion, ...groups }), item);
const rebuildFields = {
  adminPass: maybe(text),
  user_data: since(Since.noInjectedFiles, textOrNull),
};
const rebuilt = replacedAt(
  Since.strictQueries,
  fields({ ...common, ...byVersion, ...groups, ...rebuildFields, key_name: since(Since.keyOfRebuild, textOrNull) }),
  full({ ...whole, ...groups, ...rebuildFields }),
);
const created = fields({
  id: uuid,
  links,
  'OS-DCF:diskConfig': word('AUTO', 'MANUAL'),
  security_groups: list(fields({ name: text })),
  adminPass: maybe(text),
});
const listOf = (servers: Shape): Shape => fields({ servers: list(servers), servers_links: maybe(next) });

/** `location` leads to the server; with a reservation there may be several, and none is named. */
const acceptedServers: Success = piece.answer(
  202,
  'The servers will be built.',
  either(fields({ server: created }), fields({ reservation_id: text })),
  { headers: { location: { ...piece.location, required: false } } },
);

export const serverAnswers: Answers = {
  'GET /servers': shown('Servers, by name.', listOf(orPartial(brief, partialBrief))),
  'GET /servers/detail': shown('Servers, in full.', listOf(orPartial(listed, fields(partial)))),
  'POST /servers': [acceptedServers, tried],
  'GET /servers/:id': shown('A server.', fields({ server: orPartial(item, partialItem) })),
  'PUT /servers/:id': shown('The server as it is now; complete since 2.75.', fields({ server: changed })),
  'DELETE /servers/:id': silent(204, 'The server will be deleted.'),
  'POST /servers/:id/action rebuild': [
    piece.answer(202, 'The server will be made anew, as it is shown.', fields({ server: rebuilt }), {
      headers: { location: piece.location },
    }),
  ],
};
