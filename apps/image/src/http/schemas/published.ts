import type { JsonSchema } from '@kilonova/http';
import { CONTAINER_FORMATS, DISK_FORMATS } from '../../model/image.js';

const uuid = {
  type: 'string',
  pattern: '^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$',
};
const text = { type: ['null', 'string'], maxLength: 255 };
const readOnlyText = { type: 'string', readOnly: true };
const readOnlyTextOrNull = { type: ['null', 'string'], readOnly: true };
const readOnlyBytes = { type: ['null', 'integer'], readOnly: true };
const whole = { type: 'integer' };

/** What clients read to know an image's attributes: `GET /v2/schemas/image`. */
export const imageSchema: JsonSchema = {
  name: 'image',
  properties: {
    id: { ...uuid, description: 'An identifier for the image' },
    name: { ...text, description: 'Descriptive name for the image' },
    status: {
      ...readOnlyText,
      enum: ['queued', 'saving', 'active', 'killed', 'deleted', 'uploading', 'importing', 'pending_delete', 'deactivated'],
    },
    visibility: {
      type: 'string',
      enum: ['community', 'public', 'private', 'shared'],
      description: 'Scope of image accessibility',
    },
    protected: { type: 'boolean', description: 'If true, image will not be deletable.' },
    os_hidden: { type: 'boolean', description: 'If true, image will not appear in default image list response.' },
    checksum: { ...readOnlyTextOrNull, maxLength: 32, description: 'md5 hash of image contents.' },
    os_hash_algo: { ...readOnlyTextOrNull, maxLength: 64 },
    os_hash_value: { ...readOnlyTextOrNull, maxLength: 128 },
    owner: { ...text, description: 'Owner of the image' },
    size: { ...readOnlyBytes, description: 'Size of image file in bytes' },
    virtual_size: { ...readOnlyBytes, description: 'Virtual size of image in bytes' },
    container_format: { type: ['null', 'string'], enum: [null, ...CONTAINER_FORMATS], description: 'Format of the container' },
    disk_format: { type: ['null', 'string'], enum: [null, ...DISK_FORMATS], description: 'Format of the disk' },
    created_at: { ...readOnlyText, description: 'Date and time of image registration' },
    updated_at: { ...readOnlyText, description: 'Date and time of the last image modification' },
    tags: { type: 'array', items: { type: 'string', maxLength: 255 }, description: 'List of strings related to the image' },
    min_ram: { ...whole, description: 'Amount of ram (in MB) required to boot image.' },
    min_disk: { ...whole, description: 'Amount of disk space (in GB) required to boot image.' },
    self: readOnlyText,
    file: readOnlyText,
    schema: readOnlyText,
    stores: readOnlyText,
  },
  additionalProperties: { type: 'string' },
  links: [
    { rel: 'self', href: '{self}' },
    { rel: 'enclosure', href: '{file}' },
    { rel: 'describedby', href: '{schema}' },
  ],
};

const listOf = (name: string, plural: string, schema: JsonSchema): JsonSchema => ({
  name: plural,
  properties: {
    [plural]: { type: 'array', items: schema },
    first: { type: 'string' },
    next: { type: 'string' },
    schema: { type: 'string' },
  },
  links: [
    { rel: 'first', href: '{first}' },
    { rel: 'next', href: '{next}' },
    { rel: 'describedby', href: `/v2/schemas/${name}` },
  ],
});

export const imagesSchema = listOf('image', 'images', imageSchema);

export const memberSchema: JsonSchema = {
  name: 'member',
  properties: {
    member_id: { type: 'string' },
    image_id: uuid,
    status: { type: 'string', enum: ['pending', 'accepted', 'rejected'] },
    created_at: { type: 'string' },
    updated_at: { type: 'string' },
    schema: readOnlyText,
  },
};

export const membersSchema = listOf('member', 'members', memberSchema);
