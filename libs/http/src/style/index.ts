// How each service says what all say: version negotiation, error bodies, headers.
export * from './accept.js';
export * from './api-style.js';
export * from './identity.style.js';
export * from './image.style.js';
export * from './nova.style.js';
export * from './placement.style.js';
export * from './plain.style.js';
export * from './status.js';
