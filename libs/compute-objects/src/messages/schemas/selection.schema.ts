import { schema } from '@kilonova/util';
import type { AllocationRequest, Selection } from '../../selection.js';

const { dictionary, integer, list, nameText, nullable, object, optional, text, uuid } = schema;

const allocationRequestSchema = object<AllocationRequest>({
  allocations: dictionary(object({ resources: dictionary(integer()) })),
  mappings: optional(dictionary(list(uuid))),
});

export const selectionSchema = object<Selection>({
  compute_node_uuid: uuid,
  service_host: nameText(),
  nodename: nameText(),
  cell_uuid: uuid,
  availability_zone: nullable(text()),
  allocation_request: allocationRequestSchema,
  allocation_request_version: text(10),
});
