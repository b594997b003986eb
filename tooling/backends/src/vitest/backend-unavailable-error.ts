/** A backend that tests must have (`OMEMO_REQUIRE_PEERS=1`) is not on this machine. */
export class BackendUnavailableError extends Error {
  override readonly name = 'BackendUnavailableError';
}
