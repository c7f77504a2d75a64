import { Config } from '@kilonova/config';
import { Module } from '@nestjs/common';
import { CellModule } from '../cell/cell.module.js';
import { agentSection, consoleSection } from '../config.js';
import { HostModule } from '../host/host.module.js';
import { ConsoleProxies } from './console-proxies.js';
import { GuestHandler } from './guest.handler.js';
import { GuestAudit, GuestAuditOptions } from './guest-audit.service.js';
import { GuestDesk } from './guest-desk.service.js';
import { PowerSync, PowerSyncOptions } from './power-sync.service.js';
import { QuiescedGuests } from './quiesced-guests.service.js';
import { RemoveGuest } from './remove-guest.service.js';

const auditOptions = (config: Config): GuestAuditOptions => {
  const { runningDeletedInstancePollIntervalSeconds, runningDeletedInstanceAction: action } = config.get(agentSection);
  return { intervalMs: runningDeletedInstancePollIntervalSeconds * 1000, action };
};

const powerSyncOptions = (config: Config): PowerSyncOptions => ({
  intervalMs: config.get(agentSection).syncPowerStateIntervalSeconds * 1000,
});

/** What the API asks of guests, guests that no server belongs to, and guests that are not as their servers should be. */
@Module({
  imports: [CellModule, HostModule],
  controllers: [GuestHandler],
  providers: [
    GuestAudit,
    GuestDesk,
    PowerSync,
    QuiescedGuests,
    RemoveGuest,
    { provide: ConsoleProxies, useFactory: (config: Config) => new ConsoleProxies(config.get(consoleSection)), inject: [Config] },
    { provide: GuestAuditOptions, useFactory: auditOptions, inject: [Config] },
    { provide: PowerSyncOptions, useFactory: powerSyncOptions, inject: [Config] },
  ],
})
export class GuestModule {}
