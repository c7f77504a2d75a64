import { type Answers, fields, list } from '@kilonova/http';
import { count, never, shown, text, word } from '../common/response-pieces.js';

const resource = fields({
  resource: fields({ host: text, project: text, cpu: count, memory_mb: count, disk_gb: count }),
});

export const hostAnswers: Answers = {
  'GET /os-hosts': shown(
    'Hosts and their services.',
    fields({ hosts: list(fields({ host_name: text, service: text, zone: text })) }),
  ),
  'GET /os-hosts/:id': shown('What a host has, and what is used of it.', fields({ host: list(resource) })),
  'PUT /os-hosts/:id': shown('The host as it is now.', fields({ host: text, status: word('enabled', 'disabled') })),
  'GET /os-hosts/:id/startup': never,
  'GET /os-hosts/:id/shutdown': never,
  'GET /os-hosts/:id/reboot': never,
};
