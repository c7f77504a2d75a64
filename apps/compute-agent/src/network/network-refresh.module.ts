import { Config } from '@kilonova/config';
import { Module } from '@nestjs/common';
import { CellModule } from '../cell/cell.module.js';
import { agentSection } from '../config.js';
import { HostModule } from '../host/host.module.js';
import { NetworkRefresh, NetworkRefreshOptions } from './network-refresh.service.js';

const options = (config: Config): NetworkRefreshOptions => ({
  intervalMs: config.get(agentSection).healNetworksIntervalSeconds * 1000,
});

/** What cells remember of interfaces, kept as the network service has it. */
@Module({
  imports: [CellModule, HostModule],
  providers: [NetworkRefresh, { provide: NetworkRefreshOptions, useFactory: options, inject: [Config] }],
  exports: [NetworkRefresh],
})
export class NetworkRefreshModule {}
