import { Config } from '@kilonova/config';
import { Module } from '@nestjs/common';
import { CellModule } from '../cell/cell.module.js';
import { agentSection } from '../config.js';
import { HostModule } from '../host/host.module.js';
import { GuestAudit, GuestAuditOptions } from './guest-audit.service.js';

const auditOptions = (config: Config): GuestAuditOptions => {
  const { runningDeletedInstancePollIntervalSeconds, runningDeletedInstanceAction: action } = config.get(agentSection);
  return { intervalMs: runningDeletedInstancePollIntervalSeconds * 1000, action };
};

/** Guests that no server belongs to. */
@Module({
  imports: [CellModule, HostModule],
  providers: [GuestAudit, { provide: GuestAuditOptions, useFactory: auditOptions, inject: [Config] }],
})
export class GuestModule {}
