import { type Answers, byKey, fields, list, replacedAt, type Shape } from '@kilonova/http';
import { Since } from '../../common/model/microversion.js';
import { bool, integer, number, orNull, shown, textOrNull, word } from '../../common/response-pieces.js';

const count = orNull(integer);
const counts = (...names: readonly string[]): Shape => fields(Object.fromEntries(names.map((name) => [name, count])));
const nic = ['drop', 'errors', 'octets', 'packets', 'rate'].flatMap((what) => [`rx_${what}`, `tx_${what}`]);

const standard = fields({
  state: word('pending', 'running', 'paused', 'shutdown', 'crashed', 'suspended'),
  driver: word('ironic', 'libvirt', 'vmwareapi', 'xenapi'),
  hypervisor: textOrNull,
  hypervisor_os: textOrNull,
  uptime: count,
  config_drive: bool,
  num_cpus: count,
  num_nics: count,
  num_disks: count,
  cpu_details: list(counts('id', 'time', 'utilisation')),
  nic_details: list(fields({ mac_address: textOrNull, ...Object.fromEntries(nic.map((name) => [name, count])) })),
  disk_details: list(counts('errors_count', 'read_bytes', 'read_requests', 'write_bytes', 'write_requests')),
  memory_details: counts('maximum', 'used'),
});

export const serverDiagnosticsAnswers: Answers = {
  'GET /servers/:id/diagnostics': shown('Its counters.', replacedAt(Since.standardDiagnostics, byKey(number), standard)),
};
