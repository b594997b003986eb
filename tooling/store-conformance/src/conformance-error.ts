/** A store broke its contract; the message says how. */
export class StoreConformanceError extends Error {
  override readonly name = 'StoreConformanceError';
  /** There is one kind only. */
  readonly code = 'contract-broken';
}
