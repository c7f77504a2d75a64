import { type Answers, fields, goneSince, list, maybe, since } from '@kilonova/http';
import { Since } from '../../common/model/microversion.js';
import { answer, bool, orNull, shown, silent, textOrNull, uuid } from '../../common/response-pieces.js';

const PATH = '/servers/:id/os-volume_attachments';

const always = {
  serverId: uuid,
  volumeId: uuid,
  tag: since(Since.deviceTagsShown, textOrNull),
  delete_on_termination: since(Since.deleteOnTermination, bool),
};
const attachment = fields({
  ...always,
  id: goneSince(Since.attachmentIds, uuid),
  device: maybe(textOrNull),
  attachment_id: since(Since.attachmentIds, orNull(uuid)),
  bdm_uuid: since(Since.attachmentIds, uuid),
});
const attaching = fields({ ...always, id: uuid, device: textOrNull });

export const volumeAttachmentAnswers: Answers = {
  [`GET ${PATH}`]: shown('Its volumes.', fields({ volumeAttachments: list(attachment) })),
  [`POST ${PATH}`]: [
    answer(200, 'It is being attached.', fields({ volumeAttachment: attaching }), { max: '2.100' }),
    ...silent(202, 'It is being attached.', { min: '2.101' }),
  ],
  [`GET ${PATH}/:volume`]: shown('One of its volumes.', fields({ volumeAttachment: attachment })),
  [`PUT ${PATH}/:volume`]: silent(202, 'It is changed, or another volume is taking its place.'),
  [`DELETE ${PATH}/:volume`]: silent(202, 'It is being detached.'),
};
