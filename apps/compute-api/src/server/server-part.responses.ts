import type { Answers } from '@kilonova/http';
import { consoleOutputAnswers } from './actions/console-output/console-output.responses.js';
import { evacuateAnswers } from './actions/evacuate/evacuate.responses.js';
import { serverImageAnswers } from './actions/image/server-image.responses.js';
import { rescueAnswers } from './actions/rescue/rescue.responses.js';
import { resizeAnswers } from './actions/resize/resize.responses.js';
import { serverAddressAnswers } from './address/server-address.responses.js';
import { serverDiagnosticsAnswers } from './diagnostics/server-diagnostics.responses.js';
import { fixedIpAnswers } from './fixed-ip/fixed-ip.responses.js';
import { serverFloatingIpAnswers } from './floating-ip/server-floating-ip.responses.js';
import { instanceActionAnswers } from './instance-action/instance-action.responses.js';
import { serverInterfaceAnswers } from './interface/server-interface.responses.js';
import { serverMetadataAnswers } from './metadata/server-metadata.responses.js';
import { serverMigrationAnswers } from './migration/server-migration.responses.js';
import { serverPasswordAnswers } from './password/server-password.responses.js';
import { remoteConsoleAnswers } from './remote-console/remote-console.responses.js';
import { schedulingAnswers } from './scheduling/scheduling.responses.js';
import { serverSecurityGroupAnswers } from './security-group/server-security-group.responses.js';
import { serverTagsAnswers } from './tags/server-tags.responses.js';
import { serverTopologyAnswers } from './topology/server-topology.responses.js';
import { volumeAttachmentAnswers } from './volume-attachment/volume-attachment.responses.js';

/** Of what hangs on a server. */
export const serverPartAnswers: Answers = {
  ...consoleOutputAnswers,
  ...instanceActionAnswers,
  ...remoteConsoleAnswers,
  ...evacuateAnswers,
  ...rescueAnswers,
  ...resizeAnswers,
  ...schedulingAnswers,
  ...serverAddressAnswers,
  ...serverDiagnosticsAnswers,
  ...serverImageAnswers,
  ...serverInterfaceAnswers,
  ...serverMetadataAnswers,
  ...serverMigrationAnswers,
  ...serverPasswordAnswers,
  ...serverSecurityGroupAnswers,
  ...serverTagsAnswers,
  ...serverTopologyAnswers,
  ...volumeAttachmentAnswers,
};

/** `/os-volumes_boot` never had these. */
export const serverPartsOfOld: Answers = { ...serverFloatingIpAnswers, ...fixedIpAnswers };
