/** What was found, or could not be done, at a node of the own account. Not fatal by itself: what is is thrown. */
export interface NodeConfigurationReport {
  /** `urn:xmpp:omemo:2:devices` or `urn:xmpp:omemo:2:bundles`. */
  readonly node: string;
  /**
   * `pubsub#access_model`, `pubsub#persist_items`, `pubsub#max_items`; or `publish-options`, with which a node is made as it
   * has to be and which this server does not take.
   */
  readonly field: string;
  readonly asked: string;
  /** What the node has now; undefined where the server does not say. */
  readonly got: string | undefined;
  /** `repaired`: it was something else and is as asked now. `worked-around`: not as asked, but good enough. `remains`: it is not. */
  readonly outcome: 'repaired' | 'worked-around' | 'remains';
}
