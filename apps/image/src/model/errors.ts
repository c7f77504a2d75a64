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

/** 413 with Glance's wording of a limit of the project or of an image. */
export const overLimit = (message: string): AppError =>
  new AppError({ kind: 'quota', code: 'image.quota.exceeded', message, details: { httpStatus: 413 } });

/** 429: so many uploads are under way already. */
export const tooManyUploads = (): AppError =>
  new AppError({
    kind: 'quota',
    code: 'image.upload.too_many',
    message: 'Too many uploads of this project are under way. Please wait until one has ended.',
    details: { httpStatus: 429 },
    retry: { laterMs: 5_000 },
  });

/** 410: the image that an upload began is not there any more. */
export const goneMeanwhile = (id: string): AppError =>
  new AppError({
    kind: 'conflict',
    code: 'image.upload.image_gone',
    message: `Image ${id} could not be found after upload. The image may have been deleted during the upload.`,
    details: { httpStatus: 410 },
  });

/** The client went away in the middle of its upload: nobody reads this, and it is no failure of ours. */
export const uploadAborted = (cause: unknown): AppError =>
  new AppError({ kind: 'invalid-input', code: 'image.upload.aborted', message: 'The upload broke off.', cause });

/** 415: data has to come as what it is. */
export const wrongMediaType = (message: string): AppError =>
  new AppError({ kind: 'invalid-input', code: 'image.request.media_type', message, details: { httpStatus: 415 } });
