import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../common/settings.js';
import { HostDirectory } from '../host-directory/host-directory.service.js';
import { zoneDetails, zoneSummaries } from './availability-zone.view.js';

/** Availability zones: there is one as soon as an aggregate with hosts names it. */
@Injectable()
export class AvailabilityZoneController {
  constructor(
    private readonly directory: HostDirectory,
    private readonly settings: ComputeSettings,
  ) {}

  async index(_request: ApiRequest): Promise<ApiReply> {
    const { services } = await this.directory.services();
    return ok({ availabilityZoneInfo: zoneSummaries(services, this.settings.api.internalServiceAvailabilityZone) });
  }

  async detail(_request: ApiRequest): Promise<ApiReply> {
    const { services } = await this.directory.services();
    return ok({ availabilityZoneInfo: zoneDetails(services) });
  }
}
