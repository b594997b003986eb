/**
 * - `unavailable`: there is no Chromium to start.
 * - `gone`: the browser, page or worker went away before a call had its answer.
 */
export type ChromiumErrorCode = 'unavailable' | 'gone';

/** A browser could not be had, or ended. */
export class ChromiumError extends Error {
  override readonly name = 'ChromiumError';
  readonly code: ChromiumErrorCode;

  constructor(code: ChromiumErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.code = code;
  }
}
