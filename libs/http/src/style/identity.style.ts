import { PlainStyle } from './plain.style.js';

/** The identity API's way: what it answers depends on whose token is asked with, and caches are told so. */
class IdentityStyle extends PlainStyle {
  override versionHeaders(): Record<string, string> {
    return { vary: 'X-Auth-Token' };
  }
}

export const identityStyle = (): IdentityStyle => new IdentityStyle();
