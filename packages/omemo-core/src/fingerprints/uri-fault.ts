/** What is wrong with the URI of an account's identity keys. */
export type UriFault =
  /** Longer than 128 devices need. */
  | 'too-long'
  /** It does not begin with `xmpp:`: some other text, or nothing. */
  | 'not-a-uri'
  /** An `xmpp:` URI, but of no account, or one with an authority or a fragment. */
  | 'not-an-account'
  /** It is of an account and names no OMEMO 2 device. */
  | 'no-devices'
  | 'too-many-devices'
  /** A device id that is no decimal number of 32 bits. */
  | 'device-id'
  /** A fingerprint that is not 64 hex digits. */
  | 'fingerprint'
  /** A device is there twice. */
  | 'repeated';
