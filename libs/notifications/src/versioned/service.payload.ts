import type { ServiceInfo } from '@kilonova/compute-objects';
import { dateTime, type VersionedObject, versionedObject } from './object.js';

/** ServiceStatusPayload 1.1. */
export const serviceStatusPayload = (service: ServiceInfo): VersionedObject =>
  versionedObject('ServiceStatusPayload', '1.1', {
    host: service.host,
    binary: service.binary,
    topic: service.topic,
    report_count: service.report_count,
    disabled: service.disabled,
    disabled_reason: service.disabled_reason,
    availability_zone: null,
    last_seen_up: dateTime(service.last_seen_up),
    forced_down: service.forced_down,
    version: service.version,
    uuid: service.uuid,
  });
