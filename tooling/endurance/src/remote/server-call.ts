import type { NodeOptions } from '@omemo-kit/omemo-core/ports';

/** A call of the Transport port on its way to the parent, which has the server; elements are XML text. */
export type ServerCall =
  | { readonly call: 'publish'; readonly node: string; readonly item: ItemText; readonly options?: NodeOptions }
  | { readonly call: 'fetch'; readonly jid: string; readonly node: string; readonly itemIds?: readonly string[] }
  | { readonly call: 'configure'; readonly node: string; readonly options: NodeOptions }
  | { readonly call: 'retract'; readonly node: string; readonly itemId: string }
  | { readonly call: 'request'; readonly iq: string }
  | { readonly call: 'send'; readonly stanza: string };

export interface ItemText {
  readonly id: string;
  readonly payload: string;
}

export type ServerAnswer =
  | { readonly items: readonly ItemText[] }
  | { readonly result: string }
  | { readonly delivery: 'accepted' | 'handed-over' }
  | { readonly failed: string; readonly application?: string }
  | { readonly done: true };

/** How a child process or a page tells the parent of a call. */
export interface CallReport {
  readonly type: 'call';
  readonly id: number;
  readonly call: ServerCall;
}
