import { AppError, conflict, forbidden, invalid, notFound } from '@kilonova/util';

/** 404; also for an image that the caller may not know of. */
export const noImage = (id: string): AppError => notFound('image.image.not_found', `No image found with ID ${id}`);

export const duplicateImage = (id: string): AppError => conflict('image.image.duplicate', `Image ID ${id} already exists!`);

export const isProtected = (id: string): AppError =>
  forbidden('image.image.protected', `Image ${id} is protected and cannot be deleted.`);

export const readOnly = (name: string): AppError => forbidden('image.attribute.read_only', `Attribute '${name}' is read-only.`);

export const notYours = (what: string): AppError => forbidden('image.image.forbidden', `You are not permitted to ${what}.`);

export const wrongStatus = (from: string, to: string): AppError =>
  conflict('image.image.status', `Image status transition from ${from} to ${to} is not allowed`);

export const malformed = (message: string): AppError => invalid('image.request.malformed', message);

export const noTag = (id: string, tag: string): AppError =>
  notFound('image.tag.not_found', `Failed to find tag ${tag} of image ${id}`);

export const absentProperty = (name: string): AppError => conflict('image.property.absent', `Property ${name} does not exist.`);

/** 413: the disk, or the configured limit, is smaller than the data. */
export const tooLarge = (message: string): AppError =>
  new AppError({ kind: 'invalid-input', code: 'image.data.too_large', message, details: { httpStatus: 413 } });

/** 415: data has to come as what it is. */
export const wrongMediaType = (message: string): AppError =>
  new AppError({ kind: 'invalid-input', code: 'image.request.media_type', message, details: { httpStatus: 415 } });
