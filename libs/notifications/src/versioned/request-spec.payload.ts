import type { ImageMeta, RequestSpec } from '@kilonova/compute-objects';
import { flavorPayload } from './flavor.payload.js';
import { dateTime, type VersionedObject, versionedObject } from './object.js';
import { serverGroupPayload } from './server-group.payload.js';

const imagePayload = (image: ImageMeta): VersionedObject =>
  versionedObject('ImageMetaPayload', '1.0', {
    id: image.id,
    name: image.name,
    status: image.status,
    visibility: null,
    protected: null,
    checksum: image.checksum,
    owner: image.owner,
    size: image.size,
    virtual_size: null,
    container_format: image.container_format,
    disk_format: image.disk_format,
    created_at: dateTime(image.created_at),
    updated_at: dateTime(image.updated_at),
    tags: null,
    direct_url: null,
    min_ram: image.min_ram,
    min_disk: image.min_disk,
    properties: versionedObject('ImageMetaPropsPayload', '1.19', knownProperties(image.properties)),
  });

/** Image properties that have a meaning to compute; free ones are not part of the payload. */
const knownProperties = (properties: ImageMeta['properties']): Record<string, string> =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => /^(hw_|img_|os_|traits_required)/.test(key)));

const orNull = <T>(list: readonly T[]): readonly T[] | null => (list.length === 0 ? null : list);

/** RequestSpecPayload 1.1. */
export const requestSpecPayload = (spec: RequestSpec): VersionedObject =>
  versionedObject('RequestSpecPayload', '1.1', {
    instance_uuid: spec.instance_uuid,
    project_id: spec.project_id,
    user_id: spec.user_id,
    availability_zone: spec.availability_zone,
    flavor: flavorPayload(spec.flavor),
    force_hosts: orNull(spec.force_hosts),
    force_nodes: orNull(spec.force_nodes),
    ignore_hosts: orNull(spec.ignore_hosts),
    instance_group: spec.instance_group === null ? null : serverGroupPayload(spec.instance_group),
    image: spec.image === null ? null : imagePayload(spec.image),
    numa_topology: null,
    pci_requests: versionedObject('InstancePCIRequestsPayload', '1.0', { instance_uuid: spec.instance_uuid, requests: [] }),
    num_instances: spec.num_instances,
    requested_destination: null,
    retry: null,
    scheduler_hints: spec.scheduler_hints,
    security_groups: spec.security_groups,
  });
