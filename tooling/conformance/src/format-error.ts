/** A vector file is not in the documented format. The message names the place inside the file. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}
