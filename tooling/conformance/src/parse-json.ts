import { FormatError } from './format-error.ts';
import { Recorded } from './recorded.ts';

/** @throws FormatError for bytes that are no UTF-8 or no JSON. */
export function parseJson(bytes: Uint8Array): Recorded {
  try {
    return new Recorded(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (error) {
    throw new FormatError(`no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
