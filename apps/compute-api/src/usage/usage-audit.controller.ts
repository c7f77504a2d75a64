import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { HostDirectory } from '../host-directory/host-directory.service.js';
import { COMPUTE_BINARY } from '../host-directory/model/service-state.js';
import { lastMonth, utcTime } from './model/audit-time.js';

/**
 * Which hosts have made their audit of usage for the last full month. No agent makes such audits: usage is told over HTTP
 * from the servers' own times. So every host that there is counts as one that has not run.
 */
@Injectable()
export class UsageAuditController {
  constructor(private readonly directory: HostDirectory) {}

  async index(_request: ApiRequest): Promise<ApiReply> {
    return ok({ instance_usage_audit_logs: await this.#log(new Date()) });
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    const before = request.params['id'] as string;
    const time = utcTime(before.includes('.') ? before : `${before}.0`);
    if (time === undefined) throw invalid('compute.usage.time', `Invalid timestamp for date ${before}`);
    return ok({ instance_usage_audit_log: await this.#log(time) });
  }

  async #log(before: Date): Promise<Record<string, unknown>> {
    const { from, until } = lastMonth(before);
    const { services } = await this.directory.services({ binary: COMPUTE_BINARY });
    const hosts = services.map(({ service }) => service.host).sort();
    return {
      period_beginning: text(from),
      period_ending: text(until),
      num_hosts: hosts.length,
      num_hosts_done: 0,
      num_hosts_running: 0,
      num_hosts_not_run: hosts.length,
      hosts_not_run: hosts,
      total_instances: 0,
      total_errors: 0,
      overall_status: hosts.length === 0 ? 'ALL hosts done. 0 errors.' : `0 of ${hosts.length} hosts done. 0 errors.`,
      log: {},
    };
  }
}

const text = (time: Date): string => `${time.toISOString().slice(0, 10)} ${time.toISOString().slice(11, 19)}`;
