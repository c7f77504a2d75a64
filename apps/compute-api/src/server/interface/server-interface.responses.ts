import { type Answers, fields, list, since } from '@kilonova/http';
import { Since } from '../../common/model/microversion.js';
import { shown, silent, text, textOrNull, uuid } from '../../common/response-pieces.js';

const PATH = '/servers/:id/os-interface';

const attachment = fields({
  port_id: uuid,
  net_id: uuid,
  mac_addr: text,
  port_state: text,
  fixed_ips: list(fields({ ip_address: text, subnet_id: text })),
  tag: since(Since.deviceTagsShown, textOrNull),
});

export const serverInterfaceAnswers: Answers = {
  [`GET ${PATH}`]: shown('Its network interfaces.', fields({ interfaceAttachments: list(attachment) })),
  [`POST ${PATH}`]: shown('It is attached.', fields({ interfaceAttachment: attachment })),
  [`GET ${PATH}/:port`]: shown('One of them.', fields({ interfaceAttachment: attachment })),
  [`DELETE ${PATH}/:port`]: silent(202, 'It is being detached.'),
};
