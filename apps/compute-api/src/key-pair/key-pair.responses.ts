import { type Answers, fields, list, maybe, type Success, since } from '@kilonova/http';
import { Since } from '../common/model/microversion.js';
import { answer, bool, count, micros, next, nil, shown, text, word } from '../common/response-pieces.js';

const summary = {
  name: text,
  public_key: text,
  fingerprint: text,
  type: since(Since.keyPairTypes, word('ssh', 'x509')),
};
const made = fields({ keypair: fields({ ...summary, private_key: maybe(text), user_id: text }) });
const detail = fields({
  ...summary,
  user_id: text,
  created_at: micros,
  deleted: bool,
  deleted_at: nil,
  id: count,
  updated_at: nil,
});

/** Statuses of 2.2 on, and of before. */
const changing = (fresh: Success, old: Success): readonly Success[] => [
  { ...old, max: '2.1' },
  { ...fresh, min: '2.2' },
];

export const keyPairAnswers: Answers = {
  'GET /os-keypairs': shown(
    'Key pairs of a user.',
    fields({ keypairs: list(fields({ keypair: fields(summary) })), keypairs_links: since(Since.keyPairPaging, maybe(next)) }),
  ),
  'POST /os-keypairs': changing(answer(201, 'The key pair was stored.', made), answer(200, 'The key pair was stored.', made)),
  'GET /os-keypairs/:id': shown('A key pair.', fields({ keypair: detail })),
  'DELETE /os-keypairs/:id': changing(
    { status: 204, description: 'The key pair is gone.' },
    { status: 202, description: 'The key pair is gone.' },
  ),
};
