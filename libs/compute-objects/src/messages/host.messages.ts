import { callMessage, resultOf, schema } from '@kilonova/util';
import type { ServiceInfo } from '../host.js';
import type { StepBeat, StepRef, Transfer } from '../operations/step.js';
import type { Heartbeat, HeartbeatResult, ReportHost, SetHostEnabled } from './host.args.js';
import { stepRefMembers } from './operation.messages.js';
import { computeNodeReportSchema } from './schemas/host.schema.js';

const { flag, integer, list, nameText, object, optional } = schema;

const report = object<ReportHost>({
  host: nameText(),
  binary: nameText(),
  topic: nameText(),
  version: integer(0, 0x7fffffff),
  nodes: optional(list(computeNodeReportSchema)),
});
const transfer = object<Transfer>({
  memory_total: integer(),
  memory_processed: integer(),
  memory_remaining: integer(),
  disk_total: integer(),
  disk_processed: integer(),
  disk_remaining: integer(),
});
const beat = object<Heartbeat>({
  binary: nameText(),
  hosts: list(nameText()),
  steps: optional(
    list(object<StepBeat>({ ...stepRefMembers, progress: optional(integer(0, 100)), transfer: optional(transfer) })),
  ),
  notified: optional(list(object<StepRef>(stepRefMembers))),
});

/** Agent → cell conductor: a host, its service and its nodes, as they are now. */
export const reportHost = callMessage({
  name: 'report_host',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: report,
  result: resultOf<ServiceInfo>(),
});

/** Agent → cell conductor. */
export const heartbeat = callMessage({
  name: 'heartbeat',
  topic: 'conductor',
  level: 'cell',
  version: '2.0',
  args: beat,
  result: resultOf<HeartbeatResult>(),
});

/** Service of the API level → super conductor, which writes its row for it. */
export const reportService = callMessage({
  name: 'report_host',
  topic: 'conductor',
  level: 'api',
  version: '1.0',
  args: report,
  result: resultOf<ServiceInfo>(),
});

/** Service of the API level → super conductor. */
export const serviceHeartbeat = callMessage({
  name: 'heartbeat',
  topic: 'conductor',
  level: 'api',
  version: '2.0',
  args: beat,
  result: resultOf<HeartbeatResult>(),
});

/** API → agent: placement offers or hides the host at once, without waiting for the next heartbeat. */
export const setHostEnabled = callMessage({
  name: 'set_host_enabled',
  topic: 'compute',
  level: 'cell',
  version: '1.0',
  args: object<SetHostEnabled>({ host: nameText(), enabled: flag }),
  result: resultOf<boolean>(),
});
