/**
 * Who sent a message. `local`: another part of this process, which `memory://` alone can say. Over a broker it is the
 * user that the broker vouches for; `control-plane` when the server was told to trust that user with everything.
 */
export type Sender =
  | { readonly kind: 'local' }
  | { readonly kind: 'control-plane'; readonly name: string }
  | { readonly kind: 'user'; readonly name: string };

/** True for those who may give any order: an allow-list, so that whoever is unknown may not. */
export const isControlPlane = (sender: Sender): sender is Exclude<Sender, { kind: 'user' }> =>
  sender.kind === 'local' || sender.kind === 'control-plane';
