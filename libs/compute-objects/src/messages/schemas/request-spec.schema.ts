import { schema } from '@kilonova/util';
import type { Destination, RequestedNetwork, RequestedNetworks, RequestSpec } from '../../request-spec.js';
import { GROUP_POLICIES, type InstanceGroup } from '../../server-group.js';
import { flavorSchema } from './flavor.schema.js';
import { imageMetaSchema } from './image-meta.schema.js';

const { dictionary, either, flag, integer, list, nameText, nullable, object, oneOf, optional, text, uuid } = schema;

const instanceGroupSchema = object<InstanceGroup>({
  uuid,
  name: text(),
  project_id: text(),
  user_id: text(),
  policy: oneOf(GROUP_POLICIES),
  rules: object<InstanceGroup['rules']>({ max_server_per_host: optional(integer()) }),
  members: list(uuid, 100_000),
  hosts: list(nameText(), 100_000),
});

const requestedNetworkSchema = object<RequestedNetwork>({
  uuid: optional(text()),
  port: optional(text()),
  fixed_ip: optional(text()),
  tag: optional(text()),
  security_groups: optional(list(text())),
});

const requestedNetworksSchema = either(
  oneOf(['none', 'auto']),
  list(requestedNetworkSchema),
) satisfies schema.Schema<RequestedNetworks>;

export const requestSpecSchema = object<RequestSpec>({
  instance_uuid: uuid,
  project_id: text(),
  user_id: text(),
  num_instances: integer(1),
  flavor: flavorSchema,
  image: nullable(imageMetaSchema),
  availability_zone: nullable(text()),
  scheduler_hints: dictionary(list(text())),
  instance_group: nullable(instanceGroupSchema),
  ignore_hosts: list(nameText()),
  force_hosts: list(nameText()),
  force_nodes: list(nameText()),
  requested_destination: nullable(
    object<Destination>({ host: nullable(nameText()), node: nullable(nameText()), cell: nullable(uuid) }),
  ),
  security_groups: list(text()),
  is_bfv: flag,
  requested_networks: requestedNetworksSchema,
});
