/** What became of a message that a device was handed. */
export type Outcome =
  | { readonly type: 'read'; readonly text: string; readonly from: string; readonly deviceId: number }
  | { readonly type: 'empty' }
  /** Ours says so; python-omemo refuses a copy like any message that it cannot read. */
  | { readonly type: 'duplicate' }
  | { readonly type: 'not-for-it' }
  /** Our failure code, or the name of the exception that python-omemo raised. */
  | { readonly type: 'unread'; readonly why: string };
