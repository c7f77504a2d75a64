import { callMessage, castMessage, resultOf, schema } from '@kilonova/util';
import type { BeginBuild, BeginBuildResult, BuildAndRunInstance, BuildInstances } from './build.args.js';
import { imageMetaSchema } from './schemas/image-meta.schema.js';
import { instanceFaultSchema } from './schemas/instance.schema.js';
import { instanceGroupSchema, requestedNetworksSchema, requestSpecSchema } from './schemas/request-spec.schema.js';
import { selectionSchema } from './schemas/selection.schema.js';

const { integer, list, nameText, nullable, object, text, uuid } = schema;

const attempt = integer(1, 1_000_000);

const build = {
  instance_uuid: uuid,
  request_spec: requestSpecSchema,
  image: nullable(imageMetaSchema),
  requested_networks: requestedNetworksSchema,
  admin_password: nullable(text()),
  alternates: list(selectionSchema),
  build_attempt: attempt,
};

/** Conductor → agent. */
export const buildAndRunInstance = castMessage({
  name: 'build_and_run_instance',
  topic: 'compute',
  level: 'cell',
  version: '1.0',
  args: object<BuildAndRunInstance>({ ...build, selection: selectionSchema }),
});

/** Agent → cell conductor, after a failed spawn that may be tried elsewhere. */
export const buildInstances = castMessage({
  name: 'build_instances',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: object<BuildInstances>({ ...build, failed_host: nameText(), reason: instanceFaultSchema }),
});

/** Agent → cell conductor: takes the build on for this host (host, node, task_state null) unless it is stale. */
export const beginBuild = callMessage({
  name: 'begin_build',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: object<BeginBuild>({
    host: nameText(),
    node: nameText(),
    instance_uuid: uuid,
    compute_node_uuid: uuid,
    build_attempt: attempt,
    group: nullable(instanceGroupSchema),
  }),
  result: resultOf<BeginBuildResult>(),
});
